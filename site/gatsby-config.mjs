/** @type {import("gatsby").GatsbyConfig} */
const config = {
  siteMetadata: {
    title: "Slipway",
    description:
      "Ships a static site from GitLab to Kubernetes with one Pulumi program: build, push, pull secret, rollout.",
    // Production's address, on every stack: one image runs everywhere, so nothing of an environment is in it.
    siteUrl: "https://www.example.com",
  },
  plugins: [
    "gatsby-plugin-image",
    "gatsby-plugin-sharp",
    {
      resolve: "gatsby-plugin-sitemap",
      options: { excludes: ["/404/"] },
    },
  ],
};

export default config;
