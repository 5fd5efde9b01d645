#!/usr/bin/env node
// Finds a Node that runs the program as it is, installs what is missing, then hands over to cli/main.ts.
