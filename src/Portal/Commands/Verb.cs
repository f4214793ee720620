using System.CommandLine;
using Seamless.Portal.Commands.Settings;

namespace Seamless.Portal.Commands;

/// <summary>What all verbs share: their common options, an example in the help, and one way to run.</summary>
internal static class Verb
{
    public static readonly Option<string?> Data = new("--data") { Description = "Directory of everything the platform writes (default ./data).", HelpName = "DIR" };
    public static readonly Option<string?> Config = new("--config") { Description = "Configuration file (default ./seamless.yaml, if there is one).", HelpName = "FILE" };
    public static readonly Option<string?> Packs = new("--packs") { Description = "Directory of the equipment packs.", HelpName = "DIR" };
    public static readonly Option<bool> Json = new("--json") { Description = "Print the result as JSON." };

    public static Command Create(string name, string what, params IReadOnlyList<string> examples) =>
        new ExampleCommand(name, what, examples);

    public static Command With(this Command command, params ReadOnlySpan<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Option option) command.Add(option);
            else if (symbol is Argument argument) command.Add(argument);
            else command.Add((Command)symbol);
        }
        return command;
    }

    /// <summary>Runs with the configuration in force; what is wrong with it is said, all of it, and ends the verb.</summary>
    /// <param name="given">Keys that this verb's own options set.</param>
    public static Command Run(
        this Command command, Func<ParseResult, PlatformSettings, CancellationToken, Task<int>> run, Func<ParseResult, Dictionary<string, string?>>? given = null)
    {
        command.Add(Data);
        command.Add(Config);
        command.Add(Packs);
        command.SetAction((parsed, ct) =>
        {
            var values = given?.Invoke(parsed) ?? [];
            values[SettingsSchema.Data] = parsed.GetValue(Data);
            values[SettingsSchema.Packs] = parsed.GetValue(Packs);
            var problems = new List<SettingProblem>();
            var settings = PlatformSettings.Load(parsed.GetValue(Config), Environment.GetEnvironmentVariables(), values, problems);
            return settings is null
                ? Task.FromResult(Terminal.Misused(string.Join('\n', problems)))
                : run(parsed, settings, ct);
        });
        return command;
    }
}
