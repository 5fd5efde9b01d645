import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A program in a process of its own: it waits for its options as first message, and answers each further one. */

const PATIENCE_S = 60

export interface ChildOptions {
  /** Modules loaded before the program. */
  readonly imports?: readonly URL[]
}

export function startChild(file: URL | string, options: object, { imports = [] }: ChildOptions = {}): ChildProcess {
  const execArgv = imports.flatMap((module) => ['--import', module.href])
  const path = typeof file === 'string' ? file : fileURLToPath(file)
  const child = fork(path, [], { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  child.send(options)
  return child
}

export async function askChild<T>(child: ChildProcess, question: object, patienceS = PATIENCE_S): Promise<T> {
  child.send(question)
  return answerOf<T>(child, patienceS)
}

export async function answerOf<T>(child: ChildProcess, patienceS = PATIENCE_S): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer)
      child.off('message', heard).off('exit', died)
    }
    const heard = (message: unknown): void => {
      done()
      resolve(message as T)
    }
    const died = (code: number | null): void => {
      done()
      reject(new Error(`a process of the bench ended with ${code ?? 'a signal'} before it had answered`))
    }
    const timer = setTimeout(() => {
      done()
      reject(new Error(`a process of the bench did not answer within ${patienceS} s`))
    }, patienceS * 1000)
    child.on('message', heard).on('exit', died)
  })
}

export async function stopChildren(...children: readonly (ChildProcess | undefined)[]): Promise<void> {
  for (const child of children) {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
}

/** In the child: its first message. */
export function receiveOptions<T>(): Promise<T> {
  return new Promise((resolve) => {
    process.once('message', (message) => resolve(message as T))
  })
}
