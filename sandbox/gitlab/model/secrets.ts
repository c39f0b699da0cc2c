import { createHash, randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

const tokenBytes = 20;
const saltBytes = 16;
const passwordHashBytes = 32;

/** Creates a token with GitLab's prefix for its kind, e.g. `gldt-` for deploy tokens. */
export function createToken(prefix: string): string {
  return prefix + randomBytes(tokenBytes).toString("base64url");
}

/** Hashes a token for storage. It is random enough to need no salt, and can therefore be looked up by its hash. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Hashes a password for storage, salted and slowly, since people choose passwords that can be guessed. */
export function hashPassword(password: string): string {
  const salt = randomBytes(saltBytes);
  return `${salt.toString("hex")}:${derive(password, salt).toString("hex")}`;
}

/** Whether the password matches the hash. */
export function isPassword(password: string, hash: string): boolean {
  const [salt = "", derived = ""] = hash.split(":");
  return timingSafeEqual(derive(password, Buffer.from(salt, "hex")), Buffer.from(derived, "hex"));
}

function derive(password: string, salt: Buffer): Buffer {
  return scryptSync(password, salt, passwordHashBytes);
}
