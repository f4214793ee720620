using System.Security.Cryptography;
using Seamless.Analytics.Evaluation;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Tests.Engine;

/// <summary>One engine everywhere: what the agent is given judges as the platform does.</summary>
public sealed class DeviceProgramTests
{
    [Fact]
    public void A_program_that_went_through_its_file_gives_the_platforms_verdicts_bit_for_bit()
    {
        var pack = new CompiledPack(new PackDirectory(Path.Combine(AppContext.BaseDirectory, "testpacks"), null).Find("mixer")!);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = ProgramFile.Read(pack.ForDevice().Sign(key), key);
        Assert.DoesNotContain(file.Rules, rule => rule.Kind is RuleKind.Missing or RuleKind.Score);
        Assert.True(file.Rules.Length > 15);

        var (here, there) = (Verdicts(pack.Program), Verdicts(file.Program()));   // compiled here, interpreted there
        Assert.True(here.Count > 50);
        Assert.Equal(here, there);
    }

    private static List<string> Verdicts(RuleProgram program)
    {
        var (state, judge, verdicts, said, random) = (new RuleState(program), new RowJudge(), new List<RuleVerdict>(), new List<string>(), new Random(4));
        for (var second = 0; second < 20_000; second += 10)
        {
            double[] values = [60 + 60 * Math.Sin(second / 700.0), 20, 5 + 5 * Math.Sin(second / 300.0) + random.NextDouble(), 30 + 35 * Math.Sin(second / 500.0), 380 + 40 * Math.Sin(second / 900.0), second % 1700 < 1500 ? 1 : 0, second / 1000 % 3];
            var atMs = Some.At(second);
            judge.Begin(state);
            for (var metric = 0; metric < values.Length; metric++)
            {
                state.JudgedMs[metric] = atMs;
                judge.Take(state, atMs, metric, values[metric], verdicts);
            }
            judge.Judge(state, atMs, verdicts);
            judge.Conclude(state, atMs, verdicts);
            said.AddRange(verdicts.Where(v => program.Rules[v.Rule].Kind is not RuleKind.Missing).Select(v => FormattableString.Invariant($"{program.Rules[v.Rule].Id} {v.Kind} {v.OnsetMs} {v.AtMs} {v.Value:R} {v.Limit:R} {v.Score:R} {v.Level}")));
            verdicts.Clear();
        }
        return said;
    }
}
