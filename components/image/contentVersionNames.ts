/**
 * Environment variable with the version of the content that the site's build fetches from elsewhere, such as a
 * CMS. A new value builds the image again. The value stays in the stack's state, so that a later update without
 * the variable neither builds again nor returns to older content.
 *
 * `slipway up --rebuild` sets it to the current time.
 */
export const contentVersionVariable = "SLIPWAY_CONTENT_VERSION";

/** Build argument with that version: in BuildKit another value makes the steps after it run again. */
export const contentVersionArgument = "CONTENT_VERSION";
