// Command grype-database makes a vulnerability database in grype's own format, by grype's own writer, from a
// readable file: the real one comes from a feed that a closed network and a test don't have.
//
//	grype-database vulnerabilities.json folder
//
// The folder then holds what a mirror of the feed serves: latest.json and the archive that it names.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	v6 "github.com/anchore/grype/grype/db/v6"
	build "github.com/anchore/grype/grype/db/v6/build"
)

// advisory is what the file lists: one vulnerability of one package.
type advisory struct {
	ID          string `json:"id"`
	CVE         string `json:"cve"`
	Description string `json:"description"`
	URL         string `json:"url"`
	// Severity as grype names it: negligible, low, medium, high or critical.
	Severity string `json:"severity"`
	// Ecosystem as grype names it: deb, npm.
	Ecosystem string `json:"ecosystem"`
	// Distribution is left out for what comes from none.
	Distribution *struct {
		Name     string `json:"name"`
		Release  string `json:"release"`
		Codename string `json:"codename"`
	} `json:"distribution"`
	// Package is a source package's name where the ecosystem has them.
	Package string `json:"package"`
	// FixedIn is the first version without it, or empty.
	FixedIn string `json:"fixedIn"`
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "Usage: grype-database vulnerabilities.json folder")
		os.Exit(2)
	}
	if err := makeDatabase(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func makeDatabase(file, folder string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var advisories []advisory
	if err := json.Unmarshal(content, &advisories); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := write(advisories, folder); err != nil {
		return err
	}
	if err := build.CreateArchive(folder, "tar.gz", nil); err != nil {
		return err
	}
	// The archive has it.
	return os.Remove(filepath.Join(folder, v6.VulnerabilityDBFileName))
}

func write(advisories []advisory, folder string) (err error) {
	// Of its cache's default, a gibibyte, this has no need.
	writer, err := v6.NewWriter(v6.Config{DBDirPath: folder, CacheSizeKiB: 1024})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, writer.Close()) }()

	now := time.Now().UTC()
	provider := v6.Provider{ID: "fixtures", Version: "1", Processor: "grype-database", DateCaptured: &now}
	if err := writer.AddProvider(provider); err != nil {
		return err
	}
	for _, advisory := range advisories {
		vulnerability := vulnerabilityOf(advisory, provider)
		if err := writer.AddVulnerabilities(vulnerability); err != nil {
			return fmt.Errorf("%s: %w", advisory.ID, err)
		}
		if err := writer.AddAffectedPackages(affectedPackageOf(advisory, vulnerability)); err != nil {
			return fmt.Errorf("%s: %w", advisory.ID, err)
		}
	}
	return nil
}

func vulnerabilityOf(advisory advisory, provider v6.Provider) *v6.VulnerabilityHandle {
	blob := &v6.VulnerabilityBlob{
		ID:          advisory.ID,
		Description: advisory.Description,
		References:  []v6.Reference{{URL: advisory.URL}},
		Severities: []v6.Severity{
			{Scheme: v6.SeveritySchemeCHMLN, Value: advisory.Severity, Source: provider.ID, Rank: 1},
		},
	}
	if advisory.CVE != "" {
		blob.Aliases = []string{advisory.CVE}
	}
	return &v6.VulnerabilityHandle{
		Name:       advisory.ID,
		Status:     v6.VulnerabilityActive,
		ProviderID: provider.ID,
		Provider:   &provider,
		BlobValue:  blob,
	}
}

func affectedPackageOf(advisory advisory, vulnerability *v6.VulnerabilityHandle) *v6.AffectedPackageHandle {
	// How versions compare: as dpkg does it, or by semantic versioning.
	versions := map[string]string{"deb": "dpkg", "npm": "semver"}[advisory.Ecosystem]
	affected := v6.Range{
		Version: v6.Version{Type: versions},
		Fix:     &v6.Fix{State: v6.NotFixedStatus},
	}
	if advisory.FixedIn != "" {
		affected.Version.Constraint = "< " + advisory.FixedIn
		affected.Fix = &v6.Fix{State: v6.FixedStatus, Version: advisory.FixedIn}
	}
	handle := &v6.AffectedPackageHandle{
		Vulnerability: vulnerability,
		Package:       &v6.Package{Ecosystem: advisory.Ecosystem, Name: advisory.Package},
		BlobValue:     &v6.PackageBlob{Ranges: []v6.Range{affected}},
	}
	if advisory.CVE != "" {
		handle.BlobValue.CVEs = []string{advisory.CVE}
	}
	if from := advisory.Distribution; from != nil {
		// Without the codename it is another one than that of an image which has it.
		handle.OperatingSystem = &v6.OperatingSystem{
			Name:         from.Name,
			MajorVersion: from.Release,
			Codename:     from.Codename,
		}
	}
	return handle
}
