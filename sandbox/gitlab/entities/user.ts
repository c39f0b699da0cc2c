import type { GitLab } from "../gitlab";
import type { User } from "../model/users";

/** Renders a user as everyone sees it, and as other records show it, such as the author of a note. */
export function renderUser(gitlab: GitLab, user: User): object {
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

/** Renders the additional fields of a user's own page. */
export function renderProfile(user: User): object {
  return { created_at: user.createdAt, bio: "", location: "", bot: false };
}

/** Renders the user with that id as other records show it; null if there is none. */
export function renderUserById(gitlab: GitLab, id: number | null): object | null {
  const user = id === null ? undefined : gitlab.users.find(id);
  return user === undefined ? null : renderUser(gitlab, user);
}
