// Node-RED as lean as it gets: no editor, no admin API, warnings only.
module.exports = { uiHost: "127.0.0.1", uiPort: 21880, httpAdminRoot: false, disableEditor: true, flowFile: "flows.json", flowFilePretty: false, logging: { console: { level: "warn", metrics: false, audit: false } }, contextStorage: { default: { module: "memory" } } };
