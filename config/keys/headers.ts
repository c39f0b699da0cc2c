import {
  findHeaderNameProblem,
  findHeaderValueProblem,
  findPolicyHostProblem,
  policyLevels,
} from "../../components/site/headers";
import { key, structuredKey } from "../keyDefinition";
import { invalid, valid } from "../result";
import {
  list,
  object,
  optional,
  record,
  scalar,
  type Structure,
  text,
  withDefault,
} from "../structures";
import { isBoolean, isOneOf, isWholeNumber } from "../validators";

/** Two years, more than any list of such sites asks for. */
const longestHsts = 2 * 365 * 24 * 60 * 60;

const host = scalar<string>((name) => {
  const problem = findPolicyHostProblem(name);
  return problem === undefined ? valid(name) : invalid(problem);
});

const headerValue = scalar<string>((value) => {
  const problem = findHeaderValueProblem(value);
  return problem === undefined ? valid(value) : invalid(problem);
});

/** Never shows the password. */
const password: Structure<string> = {
  ...text,
  parse: (value) => {
    const parsed = text.parse(value);
    return parsed.ok && parsed.value.length < 8 ? invalid("is shorter than 8 characters.") : parsed;
  },
};

/** Browsers send a name and a password with `:` in between. */
const findUserProblem = (name: string): string | undefined =>
  /^[\w.@+-]+$/.test(name)
    ? undefined
    : `has "${name}", which is not a name of letters, digits, "_", ".", "@", "+" and "-".`;

/** Headers of the site's answers, and who gets them. */
export const headerKeys = {
  contentPolicy: structuredKey({
    description:
      "What browsers let the pages load. By default nothing is refused that an ordinary site has; only other hosts can't show the site in a frame",
    default: undefined,
    example: "--path 'contentPolicy.level' strict",
    structure: object(
      {
        level: withDefault(
          "`basic`; `strict`: scripts, styles, pictures, fonts, frames, forms and requests of the site itself and of `hosts` alone; or `none`",
          scalar(isOneOf(policyLevels)),
          "basic",
        ),
        hosts: optional(
          "List of further hosts for `strict`, such as `https://www.googletagmanager.com` or `*.example.com`",
          list(host),
        ),
        reportOnly: optional(
          "Whether browsers only report in their console what `strict` would refuse, and enforce `basic`",
          scalar(isBoolean),
        ),
      },
      ({ hosts: named, level, reportOnly }) =>
        level === "strict"
          ? []
          : Object.entries({ hosts: named, reportOnly })
              .filter(([, value]) => value !== undefined)
              .map(
                ([field]) => `has \`${field}\`, which has no effect unless \`level\` is "strict".`,
              ),
    ),
  }),
  basicAuth: structuredKey({
    description:
      "Names and passwords of those who may see a site that is not public yet; set them with `--secret`. Everybody may if empty",
    default: {},
    example: "--secret --path 'basicAuth.editor'",
    secret: "all",
    structure: record("names and texts", password, findUserProblem),
  }),
  hstsMaxAge: key<number>({
    description:
      "Seconds for which browsers that saw the site by HTTPS come back by HTTPS alone (`Strict-Transport-Security`); 0 does not send the header",
    default: 0,
    example: "31536000",
    validate: isWholeNumber(0, longestHsts),
  }),
  headers: structuredKey({
    description:
      "Further headers of all answers, by name. A name that is sent anyway, such as `Referrer-Policy`, is replaced, or with empty text not sent",
    default: undefined,
    example: "--path 'headers.Permissions-Policy' 'camera=()'",
    structure: record("names and text values", headerValue, findHeaderNameProblem),
  }),
};
