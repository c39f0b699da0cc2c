// Command pause does nothing until it is asked to end. It is the first process of a pod, which holds the
// pod's namespaces, and of the sandbox's own process namespace, where orphans become its children:
// it collects them, or each would stay in the process table for good.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGCHLD, syscall.SIGINT, syscall.SIGTERM)
	for {
		reap()
		if received := <-signals; received != syscall.SIGCHLD {
			return
		}
	}
}

// One signal may stand for several children: signals of one kind that are pending are one.
func reap() {
	for {
		process, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || process <= 0 {
			return
		}
	}
}
