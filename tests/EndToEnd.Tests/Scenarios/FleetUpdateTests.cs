using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>A customer's fleet is brought to the new release with nobody at the machines, and a bad release stops by itself.</summary>
public sealed class FleetUpdateTests : IDisposable
{
    private readonly DirectoryInfo _office = Directory.CreateTempSubdirectory("seamless-release-e2e-");   // where the release key is kept

    [Fact]
    [Trait("Scenario", "70")]
    public async Task A_release_reaches_the_fleet_in_two_waves_and_a_bad_one_is_rolled_back_by_the_machines_and_aborted()
    {
        await using var platform = await PlatformProcess.ServeAsync();
        var keys = await MakeKeysAsync(platform);
        var agents = new List<LaunchedAgent>();
        try
        {
            for (var i = 1; i <= 4; i++) agents.Add(LaunchedAgent.Start(platform, $"pump-{i}", await platform.AddDeviceAsync($"pump-{i}", "pump", $"s{i}"), keys));
            await VersionsAsync(platform, ("1.0.0", 4));

            var good = await ReleaseAsync(platform, "1.1.0", 11, LaunchedAgent.Program);
            var campaign = await EndedAsync(platform, await StartAsync(platform, "june", good));
            Assert.True(campaign.Text("state") == "completed", $"{campaign}\n{agents[0].Output}");
            Assert.Equal([2, 2], campaign["waves"]!.AsArray().Select(wave => (int)wave!["succeeded"]!));
            await VersionsAsync(platform, ("1.1.0", 4));

            var bad = await ReleaseAsync(platform, "1.2.0", 12, "#!/bin/sh\nexit 3\n");
            campaign = await EndedAsync(platform, await StartAsync(platform, "july", bad));
            Assert.Equal("aborted", campaign.Text("state"));
            var devices = await platform.ListAsync($"/api/v1/updates/campaigns/{campaign.Text("id")}/devices");
            var touched = devices.Where(device => device.Text("state") is "rolledBack").ToList();
            Assert.InRange(touched.Count, 1, 2);
            Assert.All(touched, device => Assert.Contains("ended with 3 before it was committed", device.Text("detail"), StringComparison.Ordinal));
            Assert.Equal(2, devices.Count(device => device.Text("state") is "cancelled"));
            await VersionsAsync(platform, ("1.1.0", 4));
            Assert.Equal([("pump", "1.1.0", 4)], Table(await platform.RunAsync("update", "versions")));
        }
        finally
        {
            foreach (var agent in agents) await agent.DisposeAsync();
        }
    }

    [Fact]
    public async Task Power_cuts_all_through_an_update_leave_a_machine_that_runs_and_says_which_version()
    {
        await using var platform = await PlatformProcess.ServeAsync();
        var keys = await MakeKeysAsync(platform);
        await using var agent = LaunchedAgent.Start(platform, "pump-1", await platform.AddDeviceAsync("pump-1", "pump", "s1"), keys);
        await VersionsAsync(platform, ("1.0.0", 1));
        var cuts = 0;
        for (var release = 1; release <= 3; release++)   // the cut falls elsewhere each time
        {
            var artefact = await ReleaseAsync(platform, $"1.{release}.0", 10 + release, LaunchedAgent.Program + $"# {release}\n");
            var id = await StartAsync(platform, $"release {release}", artefact);
            await SaidAsync(agent, $"update: Downloading 1.{release}.0");
            await Task.Delay(TimeSpan.FromMilliseconds(400 * (release - 1)));
            await agent.CutPowerAsync();
            cuts++;
            agent.Start();
            await EndedAsync(platform, id);
            var device = Assert.Single(await platform.ListAsync($"/api/v1/updates/campaigns/{id}/devices"));
            Assert.True(device.Text("state") is "succeeded" or "rolledBack", $"{device}\n{agent.Output}");
            var runs = device.Text("state") is "succeeded" ? $"1.{release}.0" : device.Text("fromVersion");
            await VersionsAsync(platform, (runs, 1));
            TestContext.Current.TestOutputHelper?.WriteLine($"cut {cuts}: {device.Text("state")}, runs {runs}");
        }
    }

    public void Dispose() => _office.Delete(recursive: true);

    private string this[string file] => Path.Combine(_office.FullName, file);

    private async Task<string> MakeKeysAsync(PlatformProcess platform)
    {
        await platform.RunAsync("update", "key", "--out", this["release.pem"]);
        await File.WriteAllTextAsync(this["director.pem"], await platform.RunAsync("update", "key", "--director"));
        await platform.RunAsync("update", "trust", "--release", this["release.pub.pem"], "--director", this["director.pem"], "--key", this["release.pem"], "--out", this["keys.json"], "--upload");
        return this["keys.json"];
    }

    private async Task<string> ReleaseAsync(PlatformProcess platform, string version, long counter, string program)
    {
        LaunchedAgent.WriteProgram(this[version], program);
        await platform.RunAsync("update", "sign", this[version], "--version", version, "--counter", $"{counter}", "--hardware", "pump", "--entry", "run", "--key", this["release.pem"], "--out", this[$"agent-{version}"]);
        return (await platform.RunAsync("update", "publish", this[$"agent-{version}"])).Split('\n')[^1].Trim();
    }

    private static async Task<string> StartAsync(PlatformProcess platform, string name, string artefact)
    {
        var draft = await platform.PostAsync("/api/v1/updates/campaigns", new { name, artefact, target = new { type = "pump" }, canary = 2, shares = (double[])[0.5, 1], soakMinutes = 0, abortAfter = 1 });
        await platform.RunAsync("update", "campaign", "start", draft.Text("id"));
        return draft.Text("id");
    }

    /// <summary>The campaign once it is over and no device is under way.</summary>
    private static async Task<JsonNode> EndedAsync(PlatformProcess platform, string id)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var campaign = await platform.GetAsync($"/api/v1/updates/campaigns/{id}");
            if (campaign.Text("state") is not ("running" or "draft") && campaign["waves"]!.AsArray().All(wave => (int)wave!["underWay"]! == 0)) return campaign;
            Assert.True(TimeProvider.System.GetElapsedTime(began).TotalSeconds < 90, $"{campaign}\n{platform.Output}");
            await Task.Delay(250);
        }
    }

    private static async Task VersionsAsync(PlatformProcess platform, params (string? Version, int Devices)[] expected)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var counts = (await platform.GetAsync("/api/v1/updates/versions")).AsArray();
            if (counts.Select(count => ((string?)count!["version"], (int)count["devices"]!)).SequenceEqual(expected)) return;
            Assert.True(TimeProvider.System.GetElapsedTime(began).TotalSeconds < 60, $"{counts}\n{platform.Output}");
            await Task.Delay(250);
        }
    }

    private static async Task SaidAsync(LaunchedAgent agent, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!agent.Output.Contains(what, StringComparison.Ordinal))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began).TotalSeconds < 60, agent.Output);
            await Task.Delay(5);
        }
    }

    private static IEnumerable<(string, string, int)> Table(string text) => text.Split('\n')[1..].Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(cells => (cells[0], cells[1], int.Parse(cells[2], System.Globalization.CultureInfo.InvariantCulture)));
}
