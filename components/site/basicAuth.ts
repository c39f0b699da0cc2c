import { createHash } from "node:crypto";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { usersFile } from "./runtimeConfig";

/** Names and passwords. */
type Users = Readonly<Record<string, pulumi.Input<string>>>;

/** Creates the Secret with the users that nginx lets in. It has no password, only salted hashes. */
export function createUsers(
  name: string,
  {
    metadata,
    users,
  }: {
    readonly metadata: k8s.types.input.meta.v1.ObjectMeta & { readonly name: string };
    readonly users: Users;
  },
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const file = pulumi
    .all(users)
    .apply((all) => Buffer.from(renderUsers(metadata.name, all)).toString("base64"));
  const secret = new k8s.core.v1.Secret(
    name,
    {
      metadata: { ...metadata, name: `${metadata.name}-users` },
      data: { [usersFile]: pulumi.secret(file) },
    },
    { parent },
  );
  return secret.metadata.name;
}

/**
 * Renders users as lines of nginx's password file.
 *
 * The salt depends on the site and the user, so that the file is the same in each update, and the same password has
 * another hash elsewhere.
 *
 * @see https://nginx.org/en/docs/http/ngx_http_auth_basic_module.html#auth_basic_user_file
 */
export function renderUsers(site: string, users: Readonly<Record<string, string>>): string {
  const lines = Object.entries(users).map(([user, password]) => {
    const salt = createHash("sha256")
      .update(JSON.stringify([site, user]))
      .digest()
      .subarray(0, 16);
    const hash = createHash("sha1").update(password).update(salt).digest();
    return `${user}:{SSHA}${Buffer.concat([hash, salt]).toString("base64")}\n`;
  });
  return lines.join("");
}
