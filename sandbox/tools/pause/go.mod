module slipway.dev/sandbox/tools/pause

go 1.26.0
