/**
 * Returns the shell command that destroys and removes a stack, if there is one, also after a run that was killed. It
 * selects `dev` again, since Pulumi forgets which stack is selected when it removes any.
 */
export function removalOf(stack: string): string {
  return `if pulumi stack ls | grep -q '^${stack}'; then pulumi cancel --stack ${stack} --yes >/dev/null 2>&1; pulumi destroy --stack ${stack} --yes --skip-preview; pulumi stack rm --stack ${stack} --yes --force --preserve-config; pulumi stack select dev; fi`;
}
