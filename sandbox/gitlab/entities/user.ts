import { renderUser } from "../api/users";
import type { GitLab } from "../gitlab";

/** The user of that id as other records show one; null for none. */
export function renderUserById(gitlab: GitLab, id: number | null): object | null {
  const user = id === null ? undefined : gitlab.users.find(id);
  return user === undefined ? null : renderUser(gitlab, user);
}
