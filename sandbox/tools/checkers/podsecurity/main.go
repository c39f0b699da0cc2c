// Command pod-security evaluates the pods of manifests, which it reads from its standard input, by Kubernetes' own
// checks of the "restricted" Pod Security Standard. It prints a line for each violation, and ends with 1 if there is one.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

func main() {
	log.SetFlags(0)
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks())
	if err != nil {
		log.Fatal(err)
	}
	level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	reader := yaml.NewYAMLReader(bufio.NewReader(os.Stdin))
	pods, violations := 0, 0
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		// Only the kinds of GatsbySite: others have no pods.
		var object appsv1.Deployment
		if err := yaml.Unmarshal(document, &object); err != nil || object.Kind != "Deployment" {
			continue
		}
		pods++
		template := object.Spec.Template
		for _, result := range evaluator.EvaluatePod(level, &template.ObjectMeta, &template.Spec) {
			if !result.Allowed {
				violations++
				fmt.Printf("%s: %s: %s\n", object.Name, result.ForbiddenReason, result.ForbiddenDetail)
			}
		}
	}
	if pods == 0 {
		log.Fatal("There is no Deployment to evaluate.")
	}
	if violations > 0 {
		os.Exit(1)
	}
}
