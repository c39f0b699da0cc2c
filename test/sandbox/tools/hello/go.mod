module slipway.dev/test/hello

go 1.21
