using Seamless.Portal.Commands;
using Seamless.Rules.Packs;

namespace Seamless.Portal.Tests.Commands;

public sealed class AblationTests : IDisposable
{
    private readonly DirectoryInfo _target = Directory.CreateTempSubdirectory("seamless-ablation-");

    [Fact]
    public void Packs_without_detectors_and_a_fault_are_whole_packs_all_the_same()
    {
        Ablation.Copy(PacksFolder.Find(null)!, _target.FullName, ["detectors", "models", "peers"], ["seal-leak"]);

        var packs = new PackDirectory(_target.FullName, null);
        var all = new PackDirectory(PacksFolder.Find(null)!, null);
        Assert.Equal(all.All.Select(pack => pack.Type), packs.All.Select(pack => pack.Type));
        Assert.DoesNotContain(packs.All.SelectMany(pack => pack.Rules), rule => rule.Condition is ConditionKind.Detector or ConditionKind.Model);
        Assert.Equal(all.Find("pump")!.Rules.Count(rule => rule.Condition is ConditionKind.Detector), all.Find("pump")!.Rules.Count - packs.Find("pump")!.Rules.Count);
        Assert.Null(packs.Find("pump")!.Faults.Fault("seal-leak"));
        Assert.NotNull(packs.Find("pump")!.Faults.Fault("bearing-wear"));
        Assert.NotNull(all.Find("fan")!.Rules.FirstOrDefault(rule => rule.Id == "bearing-warmer-than-peers"));
        Assert.Null(packs.Find("fan")!.Rules.FirstOrDefault(rule => rule.Id == "bearing-warmer-than-peers"));
    }

    public void Dispose() => _target.Delete(recursive: true);
}
