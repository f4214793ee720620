using System.Text.Json.Nodes;
using Seamless.Rules.Packs.Files;
using YamlDotNet.RepresentationModel;

namespace Seamless.Rules.Tests.Packs;

public sealed class RuleSchemaTests
{
    private static readonly string File = Path.Combine(Repository.Root, "docs", "reference", "rules.schema.json");

    [Fact]
    public void The_file_that_editors_use_is_the_one_of_this_version()
    {
        if (Environment.GetEnvironmentVariable("SEAMLESS_WRITE_SCHEMA") is not null) System.IO.File.WriteAllText(File, RuleSchema.Json());
        Assert.True(System.IO.File.Exists(File) && System.IO.File.ReadAllText(File) == RuleSchema.Json(), "write it again: SEAMLESS_WRITE_SCHEMA=1 and this test");
    }

    /// <summary>Every key that a shipped pack uses stands in the schema, and every word where the schema has a list of them.</summary>
    [Fact]
    public void The_shipped_rules_follow_it()
    {
        var rule = (JsonObject)JsonNode.Parse(RuleSchema.Json())!["properties"]!["rules"]!["items"]!;
        var properties = (JsonObject)rule["properties"]!;
        var wrong = new List<string>();
        foreach (var path in Directory.EnumerateFiles(Repository.Packs, "*.yaml", SearchOption.AllDirectories).Where(p => Path.GetFileName(Path.GetDirectoryName(p)) == "rules"))
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(System.IO.File.ReadAllText(path)));
            foreach (var node in (YamlSequenceNode)((YamlMappingNode)stream.Documents[0].RootNode)["rules"])
                foreach (var (key, value) in ((YamlMappingNode)node).Children)
                {
                    if (properties[key.ToString()] is not JsonObject known) wrong.Add($"{path}: {key}");
                    else if (known["enum"] is JsonArray words && words.All(w => w!.ToString() != value.ToString())) wrong.Add($"{path}: {key}: {value}");
                }
        }
        Assert.Equal([], wrong);
    }
}
