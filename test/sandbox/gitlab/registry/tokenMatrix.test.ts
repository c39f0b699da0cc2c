import { TokenWorld } from "./support/tokenWorld";

const world = new TokenWorld();
beforeAll(() => world.start());
afterAll(() => world.stop());

/**
 * What each credential is granted of pull (r), push (w) and delete (d); `-` for a token that grants nothing, and
 * a number for a refusal. The columns are a private, an internal and a public project, each with a registry for
 * everybody who sees the project, for its members, and for nobody.
 *
 * `other` is of another project or group. A job that is `listed` is of a project whose jobs the project lets in;
 * the person named with a job is who started it.
 */
const table = `
nobody                                               | 403 403 403 | 403 403 403 | r   403 403
unknown                                              | 401 401 401 | 401 401 401 | 401 401 401
password wrong                                       | 401 401 401 | 401 401 401 | 401 401 401
password careful                                     | 401 401 401 | 401 401 401 | 401 401 401
password typist                                      | rw  rw  -   | rw  rw  -   | rw  rw  -
personal api stranger                                | -   -   -   | r   -   -   | r   -   -
personal api guest                                   | -   -   -   | r   -   -   | r   -   -
personal api reporter                                | r   r   -   | r   r   -   | r   r   -
personal api developer                               | rw  rw  -   | rw  rw  -   | rw  rw  -
personal api maintainer                              | rwd rwd -   | rwd rwd -   | rwd rwd -
personal api owner                                   | rwd rwd -   | rwd rwd -   | rwd rwd -
personal api admin                                   | rwd rwd -   | rwd rwd -   | rwd rwd -
personal read_api stranger                           | -   -   -   | r   -   -   | r   -   -
personal read_api guest                              | -   -   -   | r   -   -   | r   -   -
personal read_api reporter                           | r   r   -   | r   r   -   | r   r   -
personal read_api developer                          | r   r   -   | r   r   -   | r   r   -
personal read_api maintainer                         | r   r   -   | r   r   -   | r   r   -
personal read_api owner                              | r   r   -   | r   r   -   | r   r   -
personal read_api admin                              | r   r   -   | r   r   -   | r   r   -
personal read_registry stranger                      | -   -   -   | r   -   -   | r   -   -
personal read_registry guest                         | -   -   -   | r   -   -   | r   -   -
personal read_registry reporter                      | r   r   -   | r   r   -   | r   r   -
personal read_registry developer                     | r   r   -   | r   r   -   | r   r   -
personal read_registry maintainer                    | r   r   -   | r   r   -   | r   r   -
personal read_registry owner                         | r   r   -   | r   r   -   | r   r   -
personal read_registry admin                         | r   r   -   | r   r   -   | r   r   -
personal write_registry stranger                     | -   -   -   | -   -   -   | -   -   -
personal write_registry guest                        | -   -   -   | -   -   -   | -   -   -
personal write_registry reporter                     | -   -   -   | -   -   -   | -   -   -
personal write_registry developer                    | w   w   -   | w   w   -   | w   w   -
personal write_registry maintainer                   | w   w   -   | w   w   -   | w   w   -
personal write_registry owner                        | w   w   -   | w   w   -   | w   w   -
personal write_registry admin                        | w   w   -   | w   w   -   | w   w   -
personal read_user stranger                          | 403 403 403 | 403 403 403 | 403 403 403
personal read_user guest                             | 403 403 403 | 403 403 403 | 403 403 403
personal read_user reporter                          | 403 403 403 | 403 403 403 | 403 403 403
personal read_user developer                         | 403 403 403 | 403 403 403 | 403 403 403
personal read_user maintainer                        | 403 403 403 | 403 403 403 | 403 403 403
personal read_user owner                             | 403 403 403 | 403 403 403 | 403 403 403
personal read_user admin                             | 403 403 403 | 403 403 403 | 403 403 403
dead expired                                         | 401 401 401 | 401 401 401 | 401 401 401
dead revoked                                         | 401 401 401 | 401 401 401 | 401 401 401
project-token api guest                              | -   -   -   | r   -   -   | r   -   -
project-token api reporter                           | r   r   -   | r   r   -   | r   r   -
project-token api developer                          | rw  rw  -   | rw  rw  -   | rw  rw  -
project-token api maintainer                         | rwd rwd -   | rwd rwd -   | rwd rwd -
project-token api owner                              | rwd rwd -   | rwd rwd -   | rwd rwd -
project-token api other                              | -   -   -   | r   -   -   | r   -   -
project-token read_api maintainer                    | r   r   -   | r   r   -   | r   r   -
project-token read_registry maintainer               | r   r   -   | r   r   -   | r   r   -
project-token write_registry reporter                | -   -   -   | -   -   -   | -   -   -
project-token write_registry maintainer              | w   w   -   | w   w   -   | w   w   -
project-token read_repository maintainer             | 403 403 403 | 403 403 403 | 403 403 403
group-token api guest                                | -   -   -   | r   -   -   | r   -   -
group-token api reporter                             | r   r   -   | r   r   -   | r   r   -
group-token api developer                            | rw  rw  -   | rw  rw  -   | rw  rw  -
group-token api maintainer                           | rwd rwd -   | rwd rwd -   | rwd rwd -
group-token api owner                                | rwd rwd -   | rwd rwd -   | rwd rwd -
group-token api other                                | -   -   -   | r   -   -   | r   -   -
group-token read_api maintainer                      | r   r   -   | r   r   -   | r   r   -
group-token read_registry maintainer                 | r   r   -   | r   r   -   | r   r   -
group-token write_registry reporter                  | -   -   -   | -   -   -   | -   -   -
group-token write_registry maintainer                | w   w   -   | w   w   -   | w   w   -
group-token read_repository maintainer               | 403 403 403 | 403 403 403 | 403 403 403
project-deploy read_registry                         | r   r   -   | r   r   -   | r   r   -
project-deploy write_registry                        | w   w   -   | w   w   -   | w   w   -
project-deploy read_registry+write_registry          | rw  rw  -   | rw  rw  -   | rw  rw  -
project-deploy read_repository                       | 403 403 403 | 403 403 403 | 403 403 403
project-deploy read_virtual_registry                 | 403 403 403 | 403 403 403 | 403 403 403
project-deploy read_registry+write_registry other    | -   -   -   | r   r   -   | r   r   -
project-deploy read_registry+write_registry misnamed | 401 401 401 | 401 401 401 | 401 401 401
project-deploy read_registry+write_registry expired  | 401 401 401 | 401 401 401 | 401 401 401
project-deploy read_registry+write_registry revoked  | 401 401 401 | 401 401 401 | 401 401 401
group-deploy read_registry                           | r   r   -   | r   r   -   | r   r   -
group-deploy write_registry                          | w   w   -   | w   w   -   | w   w   -
group-deploy read_registry+write_registry            | rw  rw  -   | rw  rw  -   | rw  rw  -
group-deploy read_repository                         | 403 403 403 | 403 403 403 | 403 403 403
group-deploy read_virtual_registry                   | 403 403 403 | 403 403 403 | 403 403 403
group-deploy read_registry+write_registry other      | -   -   -   | r   r   -   | r   r   -
group-deploy read_registry+write_registry misnamed   | 401 401 401 | 401 401 401 | 401 401 401
group-deploy read_registry+write_registry expired    | 401 401 401 | 401 401 401 | 401 401 401
group-deploy read_registry+write_registry revoked    | 401 401 401 | 401 401 401 | 401 401 401
job running guest                                    | rwd rwd -   | rwd rwd -   | rwd rwd -
job running developer                                | rwd rwd -   | rwd rwd -   | rwd rwd -
job running maintainer                               | rwd rwd -   | rwd rwd -   | rwd rwd -
job ended maintainer                                 | 401 401 401 | 401 401 401 | 401 401 401
job other stranger                                   | -   -   -   | r   -   -   | r   -   -
job other developer                                  | -   -   -   | r   -   -   | r   -   -
job other admin                                      | -   -   -   | r   -   -   | r   -   -
job listed stranger                                  | -   -   -   | r   r   -   | r   r   -
job listed guest                                     | -   -   -   | r   r   -   | r   r   -
job listed admin                                     | -   -   -   | r   r   -   | r   r   -
job listed reporter                                  | r   r   -   | r   r   -   | r   r   -
job listed maintainer                                | r   r   -   | r   r   -   | r   r   -
`;

const rows = table
  .trim()
  .split("\n")
  .map((line): [credential: string, cells: string] => {
    const [credential = "", ...cells] = line.split("|").map((part) => part.trim());
    return [credential, cells.join(" ").replaceAll(/ +/g, " ")];
  });

describe("a registry token for", () => {
  // A password is slow to check, by design, and there is one a cell.
  it.each(rows)(
    "%s: %s",
    async (credential, cells) => {
      expect(await world.probe(credential)).toBe(cells);
    },
    30_000,
  );
});
