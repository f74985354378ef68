#!/usr/bin/env -S node --conditions=@effect-avara/source --import tsx
import "../src/main.js"
