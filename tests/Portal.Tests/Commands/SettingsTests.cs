using System.Collections;
using Seamless.Portal.Commands.Settings;

namespace Seamless.Portal.Tests.Commands;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("http:\n  urll: x\n", "seamless.yaml(2,3): 'http.urll' is not a key; did you mean 'http.url'?")]
    [InlineData("http:\n  insecure: maybe\n", "seamless.yaml(2,13): 'http.insecure': 'maybe' is neither true nor false")]
    [InlineData("http: 5080\n", "seamless.yaml(1,7): 'http' is a section: keys belong under it")]
    [InlineData("ingest:\n  clockTolerance: soon\n", "seamless.yaml(2,19): 'ingest.clockTolerance': 'soon' is not a length of time such as 30s, 5m, 2h or 1d")]
    [InlineData("limits:\n  device:\n    messagesPerSecond: many\n", "seamless.yaml(3,24): 'limits.device.messagesPerSecond': 'many' is neither a whole number of 1 or more nor none")]
    [InlineData("limits:\n  device:\n    metrics: 0\n", "seamless.yaml(3,14): 'limits.device.metrics': '0' is neither a whole number of 1 or more nor none")]
    [InlineData("store:\n  retention:\n    samples: 2h\n", "seamless.yaml(3,14): 'store.retention.samples': '2h' is too short; at least 1d")]
    [InlineData("store:\n  retention:\n    samples: 4000d\n", "seamless.yaml(3,14): 'store.retention.samples': '4000d' is too long; at most 3650d")]
    [InlineData("store:\n  retention: 400d\n", "seamless.yaml(2,14): 'store.retention' is a section: keys belong under it")]
    [InlineData("store:\n  retention:\n    metrics:\n      current: 90d\n      vib*: soon\n", "seamless.yaml(5,13): 'store.retention.metrics.vib*': 'soon' is not a length of time such as 30s, 5m, 2h or 1d")]
    [InlineData("store:\n  retention:\n    metrics:\n      a,b: 90d\n", "seamless.yaml(4,7): 'store.retention.metrics': 'a,b' is not a name; one with a comma is written up to it, with a star")]
    [InlineData("store:\n  retention:\n    metrics: vib*=30d, 90d\n", "seamless.yaml(3,14): 'store.retention.metrics': '90d' is not a name and a length of time such as vibration*=30d")]
    [InlineData("store:\n  retention:\n    metrics: vib*=1m\n", "seamless.yaml(3,14): 'store.retention.metrics': vib*: '1m' is too short; at least 1h")]
    [InlineData("ingest:\n  sparkplug:\n    hostId: plant/1\n", "seamless.yaml(3,13): 'ingest.sparkplug.hostId': 'plant/1' is not a host id: 1 to 128 letters, digits and _ . : -")]
    [InlineData("ingest:\n  sparkplug:\n    rebirthsPerSecond: 0\n", "seamless.yaml(3,24): 'ingest.sparkplug.rebirthsPerSecond': '0' is too little; at least 1")]
    [InlineData("ingest:\n  sparkplug:\n    maxMetricsPerNode: 10000001\n", "seamless.yaml(3,24): 'ingest.sparkplug.maxMetricsPerNode': '10000001' is too much; at most 10000000")]
    [InlineData("ingest:\n  sparkplug:\n    rebirthEvery: 2h\n", "seamless.yaml(3,19): 'ingest.sparkplug.rebirthEvery': '2h' is too long; at most 1h")]
    public void A_mistake_is_named_with_its_place_and_what_would_be_right(string yaml, string expected)
    {
        var problems = new List<SettingProblem>();
        SettingsFile.Read("seamless.yaml", yaml, new Dictionary<string, string>(), problems);
        Assert.Equal(expected, Assert.Single(problems).ToString());
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        var file = System.IO.Path.GetTempFileName();
        File.WriteAllText(file, "data: from-file\npacks: from-file\nlog:\n  level: error\n");
        var environment = new Hashtable { ["SEAMLESS__PACKS"] = "from-environment", ["SEAMLESS__DATA"] = "from-environment" };

        var settings = PlatformSettings.Load(file, environment, new Dictionary<string, string?> { ["data"] = "given", ["packs"] = null }, [])!;

        Assert.Equal("given", settings[SettingsSchema.Data]);
        Assert.Equal("from-environment", settings[SettingsSchema.Packs]);
        Assert.Equal("error", settings[SettingsSchema.LogLevel]);
        Assert.Equal("http://localhost:5080", settings[SettingsSchema.HttpUrl]);
        File.Delete(file);
    }

    [Fact]
    public void An_unknown_variable_of_ours_is_a_problem()
    {
        var problems = new List<SettingProblem>();
        Assert.Null(PlatformSettings.Load(null, new Hashtable { ["SEAMLESS__HTP__URL"] = "x" }, new Dictionary<string, string?>(), problems));
        Assert.Contains("SEAMLESS__HTTP__URL", Assert.Single(problems).What, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reference_lists_every_key_with_its_default_and_description()
    {
        var page = File.ReadAllText(Docs.Path("docs/reference/configuration.md"));
        Assert.All(SettingsSchema.All, setting => Assert.Contains(
            $"| `{setting.Key}` | `{setting.Environment}` | {(setting.Default.Length == 0 ? "" : $"`{setting.Default}`")} | {setting.Description} |", page, StringComparison.Ordinal));
    }
}
