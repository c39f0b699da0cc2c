// Package java stands in for pulumi-java's code generator, which no module proxy serves. The docker-build
// plugin names this one type, to describe its schema to code generators; running the plugin needs no more.
package java

// PackageInfo is what the plugin sets of the generator's options.
type PackageInfo struct {
	BuildFiles                      string            `json:"buildFiles,omitempty"`
	Dependencies                    map[string]string `json:"dependencies,omitempty"`
	GradleNexusPublishPluginVersion string            `json:"gradleNexusPublishPluginVersion,omitempty"`
}
