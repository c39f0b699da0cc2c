module slipway.dev/test/broken

go 1.21
