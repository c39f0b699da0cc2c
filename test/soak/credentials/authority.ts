import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout } from "../../e2e/support/checkout";
import { createCertificate } from "../../support/certificates";
import type { World } from "./world";

const minuteMs = 60_000;
const file = "company-ca.pem";

/** A CA that can't be GitLab's, as a file. */
export function testAuthority(world: World): void {
  it.each([
    [
      "that has expired",
      { commonName: "Example Root", isAuthority: true, notAfter: "2021-02-03" },
      '`caCertificate` contains the certificate of "Example Root", which expired on 2021-02-03. Get the new one.',
    ],
    [
      "that is none",
      { commonName: "www.example.com", issuer: "Example Root", hosts: ["www.example.com"] },
      '`caCertificate` contains the certificate of "www.example.com", which is not a CA certificate. Use the certificate of the CA that signed it.',
    ],
    [
      "that is another host's own certificate",
      { commonName: "git.example.com", hosts: ["git.example.com"] },
      '`caCertificate` contains the certificate of "git.example.com", which is neither a CA certificate nor the certificate of GitLab\'s host "gitlab.thelinuxlabs.com".',
    ],
  ])(
    "%s is named as such before anything is made",
    async (_, args, problem) => {
      const stack = await world.createStack("authority", { caCertificate: file });
      writeFileSync(join(checkout, file), await createCertificate(args));
      const { code, output } = await stack.attempt(
        "pulumi up --stack authority --yes --skip-preview",
      );

      expect(code).not.toBe(0);
      expect(output).toContain(problem);
      expect(await stack.resources()).toEqual([]);
    },
    2 * minuteMs,
  );
}
