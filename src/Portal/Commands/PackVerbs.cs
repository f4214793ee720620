using System.CommandLine;
using System.Security.Cryptography;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Files;
using Seamless.Rules.Packs.Testing;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary><c>pack new|check|test</c>: a pack to begin with, what is wrong with one, and whether its own tests pass.</summary>
internal static class PackVerbs
{
    private static readonly Argument<DirectoryInfo> Directory = new("DIR") { Description = "The pack's folder, such as packs/pump." };

    public static Command Create() => Verb.Create("pack", "Equipment packs: begin one, check them, run their tests.", "pack check packs/pump").With(New(), Check(), Test(), Compile());

    private static Command New()
    {
        var command = Verb.Create("new", "A small pack that passes its own tests, to begin with. The folder's name is the equipment type.", "pack new packs/blower").With(Directory);
        command.SetAction(parsed =>
        {
            var directory = parsed.GetRequiredValue(Directory);
            if (!DeviceKey.IsValidName(directory.Name)) return Terminal.Misused($"'{directory.Name}' cannot be an equipment type: letters, digits, '-' and '_' only");
            if (directory.Exists && directory.EnumerateFileSystemInfos().Any()) return Terminal.Misused($"{directory.FullName} is not empty; name a new folder");
            foreach (var file in PackTemplate.Write(directory.FullName)) Console.WriteLine(Path.Combine(parsed.GetRequiredValue(Directory).ToString(), file));
            Console.WriteLine($"next: seamless pack test {directory}");
            return Terminal.Success;
        });
        return command;
    }


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

    private static Command Compile()
    {
        var output = new Option<FileInfo>("--out") { Description = "Where the compiled rules go.", Required = true, HelpName = "FILE" };
        var key = new Option<FileInfo>("--key") { Description = "Private key (PEM, P-256) that signs them; the agent is given the public one.", Required = true, HelpName = "FILE" };
        var command = Verb.Create("compile", "The rules of a pack for an agent, which judges by them at the machine: small, without texts, signed.", "pack compile packs/pump --key rules-key.pem --out pump.rules.json").With(Directory).With(output, key);
        command.SetAction(parsed =>
        {
            var (directory, file) = (parsed.GetRequiredValue(Directory).FullName, parsed.GetRequiredValue(key));
            if (PackChecker.Check(directory) is { Count: > 0 } problems) return Terminal.Fail(string.Join('\n', problems));
            if (!file.Exists) return Terminal.Misused($"{file.FullName}: there is no such file; make a key with: openssl ecparam -name prime256v1 -genkey -noout -out {file.Name}");
            using var ecdsa = ECDsa.Create();
            try
            {
                ecdsa.ImportFromPem(File.ReadAllText(file.FullName));
                var program = new CompiledPack(PackReader.Read(directory, new Dictionary<string, string>(), out _).Pack).ForDevice();
                File.WriteAllBytes(parsed.GetRequiredValue(output).FullName, program.Sign(ecdsa));
                Console.WriteLine($"{program.Rules.Length} rules, {program.Program().StateBytes} bytes of state on the device");
                return Terminal.Success;
            }
            catch (Exception e) when (e is ArgumentException or CryptographicException)
            {
                return Terminal.Fail($"{file.FullName} is no private key: {e.Message}");
            }
        });
        return command;
    }

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
