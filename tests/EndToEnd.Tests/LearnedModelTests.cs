using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;
using Seamless.Learning.Tests;

namespace Seamless.EndToEnd.Tests;

/// <summary>A model learned from public data judges live machines: the way of docs/reference/models.md, command by command.</summary>
public sealed class LearnedModelTests
{
    [Fact]
    public async Task A_milling_machine_that_is_about_to_fail_is_recognised_by_the_model_trained_for_it()
    {
        var data = DirectoryOf(PublicData.File("ai4i/ai4i_dev.csv"));
        await using var platform = await ServeWithModelAsync("milling", data, "milling-failure", ["failure", "--label", "failure", "--modes", "TWF,HDF,PWF,OSF"]);
        await platform.AddDeviceAsync("milling-001", "milling", "s1");

        await ReplayAsync(platform, "milling", data, samples: 1500);

        await AssertTheModelSaysWhyAsync(platform, "milling-failure");
    }

    private static string DirectoryOf(string file) => Directory.GetParent(file)!.Parent!.FullName;   // {data}/{set}/{file}

    private static async Task<PlatformProcess> ServeWithModelAsync(string set, string data, string model, string[] training)
    {
        var directory = PlatformProcess.NewDirectory();
        var table = Path.Combine(directory, $"{set}.csv");
        await Programs.RunAsync("seamless-replay", "train", set, "--data", data, "--output", table);
        await Programs.RunAsync("seamless", ["train", .. training, "--input", table, "--model", Path.Combine(directory, "models", model)]);
        return await PlatformProcess.ServeAsync(directory);
    }

    private static async Task ReplayAsync(PlatformProcess platform, string set, string data, int samples)
    {
        var token = await platform.AddDeviceAsync("replay-gw", "gateway", "s1");
        var said = await Programs.RunAsync("seamless-replay", set, "--data", data, "--mqtt", $"127.0.0.1:{platform.MqttPort}", "--token", token, "--speed", "0", "--limit", $"{samples}");
        Assert.Equal($"{samples} samples acknowledged", said);
    }

    private static async Task AssertTheModelSaysWhyAsync(PlatformProcess platform, string model)
    {
        var known = Assert.Single(await platform.ListAsync("/api/v1/models"), entry => entry.Text("name") == model);
        var alarms = await platform.UntilAsync("/api/v1/alarms", alarms => alarms.Any(alarm => OfModel(alarm).Any()));
        var finding = alarms.SelectMany(OfModel).First();
        Assert.InRange((double)finding["score"]!, 0.5, 1);
        Assert.Equal(known.Text("version"), finding.Text("version"));
        Assert.NotEmpty(finding["contributions"]!.AsObject());
        TestContext.Current.TestOutputHelper?.WriteLine($"{alarms.Count} alarms, {alarms.SelectMany(OfModel).Count()} findings of {model} {known.Text("version")}; the first: {finding}");
    }

    private static IEnumerable<JsonNode> OfModel(JsonNode alarm) => alarm["evidence"]!.AsArray().Select(evidence => evidence!).Where(evidence => evidence.Text("kind") == "model");
}
