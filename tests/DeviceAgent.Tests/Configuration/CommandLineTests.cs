using System.Collections;
using Seamless.DeviceAgent.Configuration;

namespace Seamless.DeviceAgent.Tests.Configuration;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        File.WriteAllText(_folder["a.json"], """{"server":"mqtt://file","device":"from-file","tenant":"t1"}""");
        var read = CommandLine.Read(
            ["--config", _folder["a.json"], "--server=mqtt://line"], new Hashtable { ["SEAMLESS_AGENT_SERVER"] = "mqtt://variable", ["SEAMLESS_AGENT_DEVICE"] = "from-variable" });

        Assert.Equal(("mqtt://line", "from-variable", "t1"), (read.Value!.Server, read.Value.Device, read.Value.Tenant));
    }

    [Fact]
    public void A_mistake_in_the_file_is_named_with_its_line()
    {
        File.WriteAllText(_folder["a.json"], "{\n  \"sever\": \"mqtt://x\"\n}");
        var read = CommandLine.Read(["--config", _folder["a.json"]], new Hashtable());

        Assert.Contains("line 2", read.Refusal!.Reason, StringComparison.Ordinal);
        Assert.Contains("sever", read.Refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_file_leaves_out_keeps_its_default()
    {
        File.WriteAllText(_folder["a.json"], """{"server":"mqtt://x","device":"d"}""");
        var read = CommandLine.Read(["--config", _folder["a.json"]], new Hashtable()).Value!;

        Assert.Null(read.Problem());
        Assert.Equal(("default", "host", 5.0, 64, "agent-state"), (read.Tenant, read.Source, read.Interval, read.OutboxMegabytes, read.State));
        Assert.Equal(["self-test", "set-interval", "backfill"], read.Commands);
        Assert.Empty(read.Services);
    }

    [Theory]
    [InlineData("--colour", "red")]
    [InlineData("--interval", "often")]
    [InlineData("--server")]
    [InlineData("stray")]
    public void A_wrong_option_is_refused(params string[] args) => Assert.NotNull(CommandLine.Read(args, new Hashtable()).Refusal);

    [Theory]
    [InlineData("--server", "http://x", "--device", "d")]
    [InlineData("--server", "mqtt://x", "--device", "not valid")]
    [InlineData("--server", "mqtt://x", "--device", "d", "--interval", "0")]
    [InlineData("--server", "mqtt://x", "--device", "d", "--source", "/no/such/file")]
    [InlineData("--device", "d")]
    public void A_wrong_value_is_explained(params string[] args) => Assert.NotNull(CommandLine.Read(args, new Hashtable()).Value!.Problem());

    [Theory]
    [InlineData("\"bearing\":\"6205-2rs\",\"rpm\":1797", null)]
    [InlineData("\"bpfo\":3.6,\"bpfi\":5.4,\"bsf\":2.4,\"ftf\":0.4,\"rpmMetric\":\"speed\"", null)]
    [InlineData("\"bearing\":\"608\",\"rpm\":1797", "vibration.bearing '608': one of 6205-2RS")]
    [InlineData("\"bearing\":\"6205-2RS\"", "either rpm or rpmMetric")]
    [InlineData("\"bearing\":\"6205-2RS\",\"rpm\":0", "vibration.rpm 0")]
    [InlineData("\"bearing\":\"6205-2RS\",\"rpm\":1797,\"window\":9", "a window of 9 samples")]
    [InlineData("\"bpfo\":5.4,\"bpfi\":3.6,\"bsf\":2.4,\"ftf\":0.4,\"rpm\":1797", "BPFI 3.6")]
    public void An_accelerometer_is_configured_in_the_file_and_mistakes_are_explained(string vibration, string? problem)
    {
        File.WriteAllText(_folder["a.json"], $$$"""{"server":"mqtt://x","device":"d","source":"none","vibration":{"source":"{{{_folder["a.json"]}}}","rate":12000,{{{vibration}}} } }""");

        var said = CommandLine.Read(["--config", _folder["a.json"]], new Hashtable()).Value!.Problem();

        if (problem is null) Assert.Null(said);
        else Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_token_can_come_from_a_file()
    {
        File.WriteAllText(_folder["token"], "s3cret\n");
        var read = CommandLine.Read(["--token-file", _folder["token"]], new Hashtable());

        Assert.Equal("s3cret", read.Value!.Token);
    }

    public void Dispose() => _folder.Dispose();
}
