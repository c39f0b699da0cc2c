// Package codegen stands in for pulumi-dotnet's code generator, which no module proxy serves. The
// docker-build plugin names this one type, to describe its schema to code generators; running the plugin
// needs no more.
package codegen

// CSharpPackageInfo is what the plugin sets of the generator's options.
type CSharpPackageInfo struct {
	PackageReferences    map[string]string `json:"packageReferences,omitempty"`
	RespectSchemaVersion bool              `json:"respectSchemaVersion,omitempty"`
}
