import type { GitLab } from "../gitlab";
import type { User } from "../model/users";

/** A user as other records show one: what everybody may know. */
export function renderUserBasic(gitlab: GitLab, user: User): object {
  return {
    id: user.id,
    username: user.username,
    public_email: null,
    name: user.name,
    state: "active",
    locked: false,
    avatar_url: null,
    web_url: `${gitlab.url}/${user.username}`,
  };
}

/** The user of that id as other records show one; null for none. */
export function renderUserById(gitlab: GitLab, id: number | null): object | null {
  const user = id === null ? undefined : gitlab.users.find(id);
  return user === undefined ? null : renderUserBasic(gitlab, user);
}
