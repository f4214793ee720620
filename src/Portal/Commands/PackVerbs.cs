using System.CommandLine;
using Seamless.Rules.Packs.Testing;

namespace Seamless.Portal.Commands;

/// <summary><c>pack check|test</c>: what is wrong with an equipment pack, and whether its own tests pass.</summary>
internal static class PackVerbs
{
    private static readonly Argument<DirectoryInfo> Directory = new("DIR") { Description = "The pack's folder, such as packs/pump." };

    public static Command Create() => Verb.Create("pack", "Equipment packs: check them, run their tests.", "pack check packs/pump").With(Check(), Test());

    private static Command Check() =>
        Verb.Create("check", "Validate a pack: file, line, column and what would be right.", "pack check packs/pump")
            .With(Directory, Verb.Json)
            .OnPack((directory, json) =>
            {
                var problems = PackChecker.Check(directory);
                if (json) Terminal.PrintJson(problems);
                else Console.WriteLine(problems.Count == 0 ? $"{directory}: good" : string.Join('\n', problems));
                return problems.Count == 0 ? Terminal.Success : Terminal.Failure;
            });

    private static Command Test() =>
        Verb.Create("test", "Run the tests inside a pack.", "pack test packs/pump")
            .With(Directory, Verb.Json)
            .OnPack((directory, json) =>
            {
                var problems = PackChecker.Check(directory);
                if (problems.Count > 0) return Terminal.Fail(string.Join('\n', problems));
                var results = PackTests.Run(directory);
                if (json) Terminal.PrintJson(results);
                else Print(results);
                return results.All(result => result.Failures.Count == 0) ? Terminal.Success : Terminal.Failure;
            });

    private static void Print(IReadOnlyList<PackTestResult> results)
    {
        foreach (var result in results)
        {
            Console.WriteLine($"{(result.Failures.Count == 0 ? "passed" : "FAILED")}  {result.Name}  ({result.File}:{result.Line})");
            foreach (var failure in result.Failures) Console.WriteLine($"        {failure}");
        }
        Console.WriteLine($"{results.Count(result => result.Failures.Count == 0)} passed, {results.Count(result => result.Failures.Count > 0)} failed");
    }

    private static Command OnPack(this Command command, Func<string, bool, int> run)
    {
        command.SetAction(parsed => parsed.GetRequiredValue(Directory) is { Exists: true } pack
            ? run(pack.FullName, parsed.GetValue(Verb.Json))
            : Terminal.Misused($"{parsed.GetValue(Directory)}: there is no such folder"));
        return command;
    }
}
