/** Formatting of everything but Python; indentation comes from .editorconfig. */
module.exports = {
    // NODE_PATH, set by `make lint`, is where the plugin lives
    plugins: [require.resolve("@prettier/plugin-xml")],
    bracketSpacing: false,
    printWidth: 88,
    proseWrap: "always",
    semi: true,
    trailingComma: "es5",
    xmlWhitespaceSensitivity: "preserve",
};
