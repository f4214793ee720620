using System.Diagnostics;
using System.Globalization;
using Seamless.Fuzz;

// dotnet run --project tests/Fuzz -c Release -- --inputs 1000000 [--seed 1] [--target json] [--seeds DIR] [--out DIR]
// --inputs is for each target. Ends with 1 when something was found: an exception, an answer unlike the reference's, slow or greedy.
var inputs = long.Parse(Option("--inputs", "1000000"), CultureInfo.InvariantCulture);
var seed = ulong.Parse(Option("--seed", "1"), CultureInfo.InvariantCulture);
var only = Option("--target", "");
var seedFolder = Option("--seeds", Seeds.FindFolder());
var output = Option("--out", "fuzz-findings");

var (failed, total) = (false, 0L);
foreach (var target in Targets.All.Where(target => only.Length == 0 || target.Name == only))
{
    var attack = new Attack(target, Seeds.Of(target, seedFolder), seed, Keep);
    using var watch = Watch(attack, target);
    var outcome = attack.Run(inputs);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{outcome.Target}: {outcome.Inputs:N0} inputs, {outcome.Took.TotalSeconds:N1} s, {outcome.InputsPerSecond:N0}/s, {outcome.Crashes} crashes, {outcome.Slow} slower than 100 ms, at most {outcome.MaxAllocatedBytes:N0} bytes allocated by one"));
    foreach (var finding in outcome.Findings) Console.WriteLine($"  {finding}");
    failed |= outcome.Findings.Count > 0;
    total += outcome.Inputs;
}
using var self = Process.GetCurrentProcess();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{total:N0} inputs in total, peak memory {self.PeakWorkingSet64 / 1024 / 1024} MB"));
return failed ? 1 : 0;

string Option(string name, string otherwise)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}

void Keep(string name, byte[] input)
{
    Directory.CreateDirectory(output);
    File.WriteAllBytes(Path.Combine(output, name + ".bin"), input);
}

// A parser that never returns cannot be stopped from within: the run ends, and its number leads to the input (--seed, --inputs n).
Timer Watch(Attack attack, ITarget target)
{
    var (seen, since) = (-1L, 0);
    return new Timer(_ =>
    {
        since = attack.Done == seen ? since + 1 : 0;
        seen = attack.Done;
        if (since < 20) return;
        Console.Error.WriteLine($"{target.Name}: input number {seen} does not come to an end");
        Environment.Exit(1);
    }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
}
