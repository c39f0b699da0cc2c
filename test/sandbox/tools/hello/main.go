// Command hello is the smallest program that can be built, for the tests of what builds programs.
package main

import "fmt"

var version = "unset"

func main() {
	fmt.Println("hello", version)
}
