import * as React from "react";

/** What the environment tells the pages, at run time: `publicConfig` of the stack that runs the site. */
export interface PublicConfig {
  /** A line above every page. */
  readonly notice?: string;
}

/** Empty until it is there, and where nothing is configured: so are the pages that the build renders. */
export function usePublicConfig(): PublicConfig {
  const [config, setConfig] = React.useState<PublicConfig>({});
  React.useEffect(() => {
    const controller = new AbortController();
    fetch("/config.json", { signal: controller.signal })
      .then((response) => (response.ok ? response.json() : {}))
      .then(setConfig)
      // A page is worth reading without it.
      .catch(() => undefined);
    return () => controller.abort();
  }, []);
  return config;
}
