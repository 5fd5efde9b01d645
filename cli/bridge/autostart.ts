import { posix, win32 } from 'node:path'

/** What makes a bridge start with the computer: files alone, so that a person can read and remove them. [B123] */
export type AutostartSystem = 'systemd' | 'xdg' | 'mac' | 'windows'

export interface Autostart {
  readonly file: { readonly path: string; readonly text: string }
  /** Made beside it, pointing at it: what `systemctl --user enable` would do. */
  readonly link?: string
  /** When it starts, and how to start and stop it now. */
  readonly words: string
}

export interface AutostartPlace {
  readonly system: AutostartSystem
  readonly home: string
  /** Of Windows: its roaming folder of this user. */
  readonly appData?: string | undefined
  /** Of Linux: XDG_CONFIG_HOME. */
  readonly configHome?: string | undefined
}

const UNIT = 'gruppetto-bridge'
const LABEL = 'org.gruppetto.bridge'
/** A bridge that ends by itself (another took its place) is not started again at once and for ever. */
const RESTART_S = 10

/** `words`: the whole command, program first. */
export function autostartOf(place: AutostartPlace, words: readonly string[]): Autostart {
  const { system, home } = place
  const configHome = place.configHome ?? posix.join(home, '.config')
  switch (system) {
    case 'systemd': {
      const folder = posix.join(configHome, 'systemd', 'user')
      return {
        file: { path: posix.join(folder, `${UNIT}.service`), text: unitText(words) },
        link: posix.join(folder, 'default.target.wants', `${UNIT}.service`),
        words: `It starts when you log in. Now: systemctl --user daemon-reload && systemctl --user start ${UNIT}; what it says: journalctl --user -u ${UNIT} -f`,
      }
    }
    case 'xdg':
      return {
        file: { path: posix.join(configHome, 'autostart', `${UNIT}.desktop`), text: desktopText(words) },
        words: 'It starts when your desktop does.',
      }
    case 'mac':
      return {
        file: { path: posix.join(home, 'Library', 'LaunchAgents', `${LABEL}.plist`), text: plistText(words, home) },
        words: `It starts when you log in. Now: launchctl load ~/Library/LaunchAgents/${LABEL}.plist; what it says is in ~/.gruppetto/bridge.log`,
      }
    case 'windows': {
      const appData = place.appData ?? win32.join(home, 'AppData', 'Roaming')
      const folder = win32.join(appData, 'Microsoft', 'Windows', 'Start Menu', 'Programs', 'Startup')
      return {
        file: { path: win32.join(folder, `${UNIT}.cmd`), text: cmdText(words) },
        words: 'It starts when you log in, in a small window of its own.',
      }
    }
  }
}

function unitText(words: readonly string[]): string {
  return [
    '[Unit]',
    'Description=Gruppetto bridge: a trainer and sensors for a shared road',
    '',
    '[Service]',
    `ExecStart=${words.map(systemdWord).join(' ')}`,
    // SIGINT is the goodbye that sets the trainer to the flat; it takes at most two seconds.
    'KillSignal=SIGINT',
    'TimeoutStopSec=10',
    'Restart=on-failure',
    `RestartSec=${RESTART_S}`,
    '# GRUPPETTO_ANT_KEY=… belongs in this file, readable by you alone:',
    'EnvironmentFile=-%h/.gruppetto/environment',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n')
}

/** A new line in a word would begin another line of the file, and that one could be a command. */
const CONTROLS = /\p{Cc}/gu

/** systemd.service(5), "Command lines": quotes, then % of specifiers and $ of variables doubled. */
const systemdWord = (word: string): string =>
  `"${word
    .replaceAll(/["\\]/g, String.raw`\$&`)
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$')
    .replaceAll(CONTROLS, (letter) => `\\x${letter.codePointAt(0)!.toString(16).padStart(2, '0')}`)}"`

function desktopText(words: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Gruppetto bridge',
    'Comment=A trainer and sensors for a shared road',
    `Exec=${words.map(desktopWord).join(' ')}`,
    'Terminal=false',
    '',
  ].join('\n')
}

/** Desktop Entry Specification, "The Exec key": quoted once, and escaped once more as every string of the file is. */
export const desktopWord = (word: string): string =>
  `"${word
    .replaceAll(/["`$\\]/g, String.raw`\$&`)
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\t', String.raw`\t`)}"`

function plistText(words: readonly string[], home: string): string {
  const text = (value: string): string => `<string>${xml(value)}</string>`
  const log = text(posix.join(home, '.gruppetto', 'bridge.log'))
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    `  <key>Label</key>${text(LABEL)}`,
    '  <key>ProgramArguments</key>',
    '  <array>',
    ...words.map((word) => `    ${text(word)}`),
    '  </array>',
    '  <key>RunAtLoad</key><true/>',
    '  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>',
    `  <key>ThrottleInterval</key><integer>${RESTART_S}</integer>`,
    `  <key>StandardOutPath</key>${log}`,
    `  <key>StandardErrorPath</key>${log}`,
    '</dict>',
    '</plist>',
    '',
  ].join('\n')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
/** XML has no control characters but tab and line ends, not even escaped. */
const xml = (value: string): string =>
  value.replaceAll(/[&<>]/g, (letter) => ENTITIES[letter]!).replaceAll(/(?![\t\n\r])\p{Cc}/gu, ' ')

/**
 * In a file % stands for variables; a quote cannot be in a path or a name that cmd takes, nor can the end of a line. A
 * backslash before the closing quote would take it for a letter, so it is doubled.
 */
const cmdWord = (word: string): string =>
  `"${word.replaceAll('"', '').replaceAll(CONTROLS, ' ').replaceAll('%', '%%').replace(/\\+$/, '$&$&')}"`

/** The file is UTF-8; cmd reads it as what the system was long ago unless told. */
const cmdText = (words: readonly string[]): string =>
  ['@echo off', 'chcp 65001 >nul', `start "Gruppetto bridge" /min ${words.map(cmdWord).join(' ')}`, ''].join('\r\n')

/** Which of the ways this machine has. */
export function autostartSystem(platform: string, hasSystemd: boolean): AutostartSystem {
  if (platform === 'win32') return 'windows'
  if (platform === 'darwin') return 'mac'
  return hasSystemd ? 'systemd' : 'xdg'
}

/** Whose files were tried, not only read: the entry was launched by GLib, as desktops do. */
export const AUTOSTART_TRIED: readonly AutostartSystem[] = ['xdg']
