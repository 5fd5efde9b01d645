export const sensorWords = { title: 'Trainer and sensors', ride: 'Ride with these' }
