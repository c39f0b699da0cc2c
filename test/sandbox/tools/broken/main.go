// Command broken can't be compiled, for the test of what a failed build says.
package main

func main() {
	undefinedFunction()
}
