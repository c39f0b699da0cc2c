import {
  createHash,
  createPrivateKey,
  createPublicKey,
  randomUUID,
  type KeyObject,
} from "node:crypto";

import { SignJWT, type JWTPayload } from "jose";

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const keyIdBytes = 30;
const groupLength = 4;

/** GitLab backdates its tokens, in case the registry's clock is a little behind. */
const backdatedSeconds = 5;

/** Signs JSON web tokens as GitLab does: RS256, with the key id by which the registry finds the key. */
export class TokenSigner {
  private readonly key: KeyObject;
  private readonly keyId: string;

  /** @param pem RSA private key; the registry has its certificate */
  constructor(
    pem: string,
    private readonly now: () => Date,
  ) {
    this.key = createPrivateKey(pem);
    if (this.key.asymmetricKeyType !== "rsa") {
      throw new Error(
        `The signing key is of type "${this.key.asymmetricKeyType}". Use an RSA key: GitLab signs with RS256.`,
      );
    }
    this.keyId = computeKeyId(createPublicKey(this.key));
  }

  /** Signs a token with these claims and those that every token has. */
  sign(claims: JWTPayload, lifeSeconds: number): Promise<string> {
    const issuedAt = Math.floor(this.now().getTime() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ kid: this.keyId, typ: "JWT", alg: "RS256" })
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt - backdatedSeconds)
      .setExpirationTime(issuedAt + lifeSeconds)
      .sign(this.key);
  }
}

/** Computes the libtrust id of a key: the start of its checksum in base32, in groups of four. */
function computeKeyId(key: KeyObject): string {
  const checksum = createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest();
  let bits = "";
  for (const byte of checksum.subarray(0, keyIdBytes)) bits += byte.toString(2).padStart(8, "0");
  const letters = (bits.match(/.{5}/g) ?? []).map((five) => base32[Number.parseInt(five, 2)]);
  return (letters.join("").match(new RegExp(`.{${groupLength}}`, "g")) ?? []).join(":");
}
