using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Learning.Commands;
using Seamless.Learning.Models;
using Seamless.Learning.Onnx;

namespace Seamless.Learning.Tests;

public sealed class OnnxTests(OnnxTests.Trained trained) : IClassFixture<OnnxTests.Trained>, IDisposable
{
    private readonly Folder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A failure model of numbers alone, with modes, and what it was exported to.</summary>
    public sealed class Trained : IDisposable
    {
        private readonly Folder _folder = new();

        public Trained()
        {
            var input = _folder.Write("train.csv", Synthetic.Milling(1500, seed: 1).Select(WithoutKind));
            var outcome = LearningCommands.TrainFailure(new(input, "failed", _folder["models/milling/1"], ["power", "heat"], Name: "milling"), null, CancellationToken.None);
            Assert.True(outcome.Succeeded, outcome.Refusal?.Reason);
            Directory = _folder["models"];
            using var models = Directories.Of(Directory);
            Exported = Exchange(new LearningOptions { Directory = Directory }, models).Export(outcome.Value.Id).Value!;
        }

        public string Directory { get; }
        public ExportedModel Exported { get; }
        public void Dispose() => _folder.Dispose();
    }

    [Fact]
    public void An_exported_model_scores_as_the_model_does()
    {
        using var models = Directories.Of(trained.Directory);
        var scorer = models.OpenScorer("milling")!;
        var features = scorer.Model.Features;
        using var session = new OnnxSession(trained.Exported.Model, "failure", features);
        Assert.Equal(["p_failure", "p_power", "p_heat"], session.Outputs);
        var (called, random) = (0, new Random(3));
        var deciles = scorer.Model.Deciles;
        for (var row = 0; row < 200; row++)
        {
            double[] values = [.. features.Select(f => deciles.TryGetValue(f, out var d) && d.Count > 1 ? d[0] + random.NextDouble() * (d[^1] - d[0]) * 1.1 : random.NextDouble())];
            var verdict = scorer.Observe("m", row, features.Zip(values).ToDictionary(v => v.First, v => v.Second))!;
            var said = session.Run(values);
            Assert.Equal(verdict.Probability, said[0], 1e-5);
            Assert.Equal(verdict.Modes["power"], said[1], 1e-5);
            Assert.Equal(verdict.Modes["heat"], said[2], 1e-5);
            if (verdict.Probability > 0.5) called++;
        }
        Assert.InRange(called, 5, 195);
    }

    [Fact]
    public void What_cannot_be_a_graph_says_so()
    {
        var fleet = _folder.Write("fleet.csv", Synthetic.Fleet(12, seed: 1).Lines);
        var life = LearningCommands.TrainRul(new(fleet, "unit", "cycle", _folder["models/wear"]), null, CancellationToken.None).Value!;
        var milling = _folder.Write("text.csv", Synthetic.Milling(300, seed: 1));
        var text = LearningCommands.TrainFailure(new(milling, "failed", _folder["models/text"], []), null, CancellationToken.None).Value!;
        using var models = Directories.Of(_folder["models"]);
        var exchange = Exchange(new LearningOptions { Directory = _folder["models"] }, models);
        Assert.Contains("remembers each machine from row to row", exchange.Export(life.Id).Refusal!.Reason, StringComparison.Ordinal);
        if (text.Features.Contains("kind")) Assert.Contains("its column 'kind' is text", exchange.Export(text.Id).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Equal("not-found", exchange.Export("nothing@1").Refusal!.Code);
    }

    [Fact]
    public void A_signed_model_waits_in_the_shadow_then_judges_like_our_own()
    {
        var (card, options) = (Card(), Options(_key));
        using var models = Open(options);
        var imported = Exchange(options, models).Import(trained.Exported.Model, card, Sign(trained.Exported.Model, card), "li");
        Assert.True(imported.Succeeded, imported.Refusal?.Reason);
        Assert.Equal(("elsewhere@7", "shadow", true), (imported.Value.Id, imported.Value.Status, imported.Value.IsImported));
        Assert.Null(models.OpenScorer("elsewhere"));
        Assert.True(models.Promote("elsewhere@7", "li").Succeeded);

        using var ours = Directories.Of(trained.Directory);
        var features = imported.Value.Features;
        var readings = features.ToDictionary(f => f, f => imported.Value.Deciles.TryGetValue(f, out var d) && d.Count > 0 ? d[8] : 1);
        var (mine, theirs) = (ours.OpenScorer("milling")!.Observe("m", 1, readings)!, models.OpenScorer("elsewhere")!.Observe("m", 1, readings)!);
        Assert.Equal(mine.Probability, theirs.Probability, 1e-5);
        Assert.Equal(mine.Modes.Keys.Order(), theirs.Modes.Keys.Order());
        Assert.Null(models.OpenScorer("elsewhere")!.Observe("m", 1, new Dictionary<string, double>()));
        Assert.Contains("there is a model elsewhere@7 already", Exchange(options, models).Import(trained.Exported.Model, card, Sign(trained.Exported.Model, card), "li").Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Whose_file_was_changed_or_whose_key_is_trusted_no_more_is_not_loaded()
    {
        var (card, options) = (Card(), Options(_key));
        using var models = Open(options);
        Exchange(options, models).Import(trained.Exported.Model, card, Sign(trained.Exported.Model, card), "li");
        models.Promote("elsewhere@7", "li");
        Assert.NotNull(models.OpenScorer("elsewhere"));
        var file = Path.Combine(options.Directory, "elsewhere", "7", "model.onnx");
        var bytes = File.ReadAllBytes(file);
        bytes[^5] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Null(models.OpenScorer("elsewhere"));
        File.WriteAllBytes(file, trained.Exported.Model);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(options.TrustedKeys!, other.ExportSubjectPublicKeyInfoPem());
        Assert.Null(models.OpenScorer("elsewhere"));
    }

    [Theory]
    [InlineData("unsigned", "the model is not signed; sign it with")]
    [InlineData("changed", "or the model or its card was changed")]
    [InlineData("card changed", "or the model or its card was changed")]
    [InlineData("unknown key", "is of none of the 1 trusted keys")]
    [InlineData("no keys", "name a PEM file of public keys in models.trustedKeys")]
    [InlineData("other curve", "is not on the curve P-256")]
    [InlineData("truncated", "it is no ONNX model that can be run, or is cut short")]
    [InlineData("too large", "the model is larger than")]
    [InlineData("features", "features are expected|as the card names 2 features")]
    [InlineData("kind", "a rul model needs the output 'cycles'")]
    [InlineData("path", "name must be letters")]
    [InlineData("no json", "the card is no JSON")]
    [InlineData("no horizon", "a rul model needs horizon")]
    public void What_is_not_in_order_is_refused_with_what_to_do_and_leaves_nothing(string what, string words)
    {
        var (model, options) = (trained.Exported.Model, Options(_key));
        using var other = ECDsa.Create(what is "other curve" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256);
        if (what is "other curve") options = Options(other);
        if (what is "no keys") options.TrustedKeys = null;
        if (what is "too large") options.MaxFileBytes = model.Length - 1;
        if (what is "truncated") model = model[..(model.Length / 2)];
        var card = what switch
        {
            "features" => Card(c => c["features"] = new JsonArray("a", "b")),
            "kind" => Card(c => (c["kind"], c["horizon"], c["report"]!["rmse"]) = ("rul", 30, 12)),
            "no horizon" => Card(c => c["kind"] = "rul"),
            "path" => Card(c => c["name"] = "../../etc"),
            "no json" => "not json"u8.ToArray(),
            _ => Card(),
        };
        var signature = what switch { "unsigned" => [], "unknown key" => Sign(model, card, other), _ => Sign(model, card) };
        if (what is "changed") model = [.. model, 0];
        if (what is "card changed") card = [.. card, (byte)' '];
        using var models = Open(options);
        var refused = Exchange(options, models).Import(model, card, signature, "li");
        Assert.False(refused.Succeeded);
        Assert.Contains(words.Split('|')[^1], refused.Refusal.Reason, StringComparison.Ordinal);
        Assert.Empty(models.All());
        Assert.Empty(Directory.EnumerateFiles(options.Directory, "*.onnx", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_signature_in_base64_is_as_good()
    {
        var (card, options) = (Card(), Options(_key));
        using var models = Open(options);
        Assert.True(Exchange(options, models).Import(trained.Exported.Model, card, Encoding.ASCII.GetBytes(Convert.ToBase64String(Sign(trained.Exported.Model, card)) + "\n"), "li").Succeeded);
    }

    [Fact]
    public void A_remaining_life_has_bounds_and_a_probability_from_the_error_of_its_card()
    {
        var graph = new OnnxGraph("life");
        graph.Input("X", 2);
        graph.Output("cycles", graph.Add("ReduceSum", ["X", graph.Indices([1])], OnnxGraph.Attribute("keepdims", 1)));
        var model = graph.Model([]);
        var card = Encoding.UTF8.GetBytes("""{"kind":"rul","name":"life","version":"1","features":["a","b"],"trainedAt":"2026-01-01T00:00:00Z","seed":0,"dataHash":"x","columns":{},"horizon":30,"report":{"rmse":10}}""");
        var options = Options(_key);
        using var models = Open(options);
        var imported = Exchange(options, models).Import(model, card, Sign(model, card), "li");
        Assert.True(imported.Succeeded, imported.Refusal?.Reason);
        models.Promote("life@1", "li");
        var verdict = models.OpenScorer("life")!.Observe("m", 1, new Dictionary<string, double> { ["a"] = 10, ["b"] = 20 })!;
        Assert.Equal((17.2, 30, 42.8), (Math.Round(verdict.RemainingLife!.Value.P10, 1), verdict.RemainingLife.Value.P50, Math.Round(verdict.RemainingLife.Value.P90, 1)));
        Assert.Equal(0.5, verdict.Probability, 1e-6);
    }

    private byte[] Card(Action<JsonNode>? change = null)
    {
        var card = JsonNode.Parse(trained.Exported.Card)!;
        (card["name"], card["version"]) = ("elsewhere", "7");
        change?.Invoke(card);
        return Encoding.UTF8.GetBytes(card.ToJsonString());
    }

    private LearningOptions Options(ECDsa key)
    {
        File.WriteAllText(_folder["trusted.pem"], key.ExportSubjectPublicKeyInfoPem());
        return new LearningOptions { Directory = _folder["imports"], TrustedKeys = _folder["trusted.pem"] };
    }

    private byte[] Sign(byte[] model, byte[] card, ECDsa? key = null) => (key ?? _key).SignData(
        Encoding.ASCII.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(model))}\n{Convert.ToHexStringLower(SHA256.HashData(card))}\n"), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    private static ModelDirectory Open(LearningOptions options) => new(options, NullLogger<ModelDirectory>.Instance, TimeProvider.System);

    private static ModelExchange Exchange(LearningOptions options, ModelDirectory models) => new(options, models, new ModelSignature(options));

    private static string WithoutKind(string line) => string.Join(',', line.Split(',').Where((_, i) => i != KindAt));

    private static readonly int KindAt = Array.IndexOf(Synthetic.Milling(1, seed: 1).First().Split(','), "kind");

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }
}
