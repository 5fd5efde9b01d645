import { desktopWord } from '../bridge/autostart.ts'

/** What a person double-clicks, per system. Each opens a terminal, for that is where Ctrl-C ends the ride. */
export type LaunchSystem = 'linux' | 'mac' | 'windows'

export interface Launcher {
  readonly name: string
  readonly text: string
  readonly isProgram: boolean
}

/** `ride` without an address takes the server of last time, else asks for one. */
const SH = [
  '#!/bin/sh',
  '# Starts the ride; with arguments any command, as in: ./gruppetto.sh doctor',
  '# A link to it may lie elsewhere.',
  'self=$(readlink -f "$0" 2>/dev/null) || self=$0',
  'here=$(CDPATH= cd -- "$(dirname -- "$self")" && pwd) || exit 1',
  '[ $# -eq 0 ] && set -- ride',
  '"$here/node/node" "$here/app/gruppetto.mjs" "$@"',
  'code=$?',
].join('\n')

/** A window that closes takes the sentence with it that says what is wrong. */
const WAIT = [
  '[ "$code" -eq 0 ] || [ ! -t 0 ] || { printf "Press Enter to close. "; read -r _; }',
  'exit "$code"',
].join('\n')

/** $1 is the entry itself (%k): the folder may lie anywhere, and be moved. */
const BESIDE_ITSELF = 'exec "$(dirname "$1")/gruppetto.sh"'

const DESKTOP = [
  '[Desktop Entry]',
  'Type=Application',
  'Name=Gruppetto',
  'Comment=Ride with your trainer',
  'Terminal=true',
  `Exec=sh -c ${desktopWord(BESIDE_ITSELF)} sh %k`,
  'Categories=Sports;Game;',
].join('\n')

const CMD = [
  '@echo off',
  'rem Starts the ride; with arguments any command, as in: Gruppetto.cmd doctor',
  'setlocal',
  'if "%~1"=="" (',
  '  "%~dp0node\\node.exe" "%~dp0app\\gruppetto.mjs" ride',
  ') else (',
  '  "%~dp0node\\node.exe" "%~dp0app\\gruppetto.mjs" %*',
  ')',
  'if errorlevel 1 pause',
].join('\r\n')

export function launchersOf(system: LaunchSystem): readonly Launcher[] {
  switch (system) {
    case 'linux':
      return [
        { name: 'gruppetto.sh', text: `${SH}\n${WAIT}\n`, isProgram: true },
        { name: 'Gruppetto.desktop', text: `${DESKTOP}\n`, isProgram: true },
      ]
    case 'mac':
      return [{ name: 'Gruppetto.command', text: `${SH}\n${WAIT}\n`, isProgram: true }]
    case 'windows':
      return [{ name: 'Gruppetto.cmd', text: `${CMD}\r\n`, isProgram: false }]
  }
}
