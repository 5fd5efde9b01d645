import type { Page } from 'playwright-core'

/** The least contrast of any text of the instruments with the pixels that are really under and around it. */
export interface HudContrast {
  readonly least: number
  /** Of which text, and how many texts were looked at. */
  readonly text: string
  readonly texts: number
}

/** Pixels around a letter's box that the eye takes it from, px. */
const AROUND_PX = 2

/**
 * Two looks at one picture: where each text is and in what colour; then, with all text made clear, what lies behind it. Of each
 * text's pixels the one in fifty that is worst counts: single pixels of an edge are no background.
 */
export async function hudContrast(page: Page): Promise<HudContrast> {
  await page.evaluate(`(() => {
    const alphaOf = (element) => {
      let alpha = 1
      for (let each = element; each !== null; each = each.parentElement) alpha *= Number(getComputedStyle(each).opacity)
      return alpha
    }
    const texts = []
    const walker = document.createTreeWalker(document.querySelector('.hud'), NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const node = walker.currentNode
      const { parentElement } = node
      const style = getComputedStyle(parentElement)
      if (node.textContent.trim() === '' || style.visibility === 'hidden' || parentElement.closest('.unseen')) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const isSvg = parentElement instanceof SVGElement
      // Letters, not the line they stand in: that may be taller than its panel.
      const tall = 0.8 * parseFloat(style.fontSize)
      for (const { left, top: lineTop, width, height: line } of range.getClientRects()) {
        const height = Math.min(line, tall)
        const top = lineTop + (line - height) / 2
        if (width > 1 && height > 1)
          texts.push({ text: node.textContent.trim(), color: isSvg ? style.fill : style.color, alpha: alphaOf(parentElement), left, top, width, height })
      }
    }
    window.hudTexts = texts
    const clear = document.createElement('style')
    clear.id = 'clear-text'
    clear.textContent = '.hud, .hud * { color: transparent !important; text-shadow: none !important; transition: none !important } .hud text { fill: transparent !important }'
    document.head.append(clear)
  })()`)
  const behind = (await page.screenshot()).toString('base64')
  return (await page.evaluate(`(async () => {
    document.querySelector('#clear-text').remove()
    const bytes = Uint8Array.from(atob('${behind}'), (letter) => letter.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    pen.drawImage(bitmap, 0, 0)
    const { data } = pen.getImageData(0, 0, bitmap.width, bitmap.height)
    // WCAG 2.2, relative luminance and contrast ratio.
    const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)
    const luminance = (r, g, b) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    let worst = { least: Infinity, text: '' }
    let count = 0
    for (const { text, color, alpha, left, top, width, height } of window.hudTexts) {
      const [r, g, b, own = 1] = color.match(/[\\d.]+/g).map(Number)
      const share = own * alpha
      const ratios = []
      const x1 = Math.min(bitmap.width, Math.ceil(left + width + ${AROUND_PX}))
      const y1 = Math.min(bitmap.height, Math.ceil(top + height + ${AROUND_PX}))
      for (let y = Math.max(0, Math.floor(top - ${AROUND_PX})); y < y1; y++)
        for (let x = Math.max(0, Math.floor(left - ${AROUND_PX})); x < x1; x++) {
          const at = 4 * (y * bitmap.width + x)
          const [red, green, blue] = [data[at], data[at + 1], data[at + 2]]
          const under = luminance(red, green, blue)
          const seen = luminance(r * share + red * (1 - share), g * share + green * (1 - share), b * share + blue * (1 - share))
          ratios.push((Math.max(seen, under) + 0.05) / (Math.min(seen, under) + 0.05))
        }
      if (ratios.length === 0) continue
      count++
      const least = ratios.sort((one, other) => one - other)[Math.floor(ratios.length / 50)]
      if (least < worst.least) worst = { least, text }
    }
    return { ...worst, texts: count }
  })()`)) as HudContrast
}
