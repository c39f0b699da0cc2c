/** @type {import("gatsby").GatsbyConfig} */
const config = {
  siteMetadata: { title: "Slipway" },
};

export default config;
