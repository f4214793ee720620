using System.Text.Json;
using Seamless.Portal.Api;
using Seamless.Telemetry;
using Spectre.Console;

namespace Seamless.Portal.Commands;

/// <summary>How verbs speak: results on standard output, everything else on standard error.</summary>
internal static class Terminal
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int WrongUse = 2;

    private static readonly JsonSerializerOptions Indented = new(ApiJson.Options) { WriteIndented = true };

    /// <summary>For people: progress and tables that are not the result.</summary>
    public static IAnsiConsole Aside { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public static int Fail(string reason) => Say(reason, Failure);
    public static int Misused(string reason) => Say(reason, WrongUse);

    public static int Refuse(Refusal refusal) => Say(refusal.Reason, refusal.Code is "invalid" ? WrongUse : Failure);

    public static void PrintJson<T>(T value) => Console.WriteLine(JsonSerializer.Serialize(value, Indented));
    public static void PrintJsonLine<T>(T value) => Console.WriteLine(JsonSerializer.Serialize(value, ApiJson.Options));

    public static void PrintTable(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var lines = rows.Prepend(columns).ToList();
        var widths = Enumerable.Range(0, columns.Count).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines) Console.WriteLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>Shows that something is under way: a spinner for a person, a line every few seconds for a log.</summary>
    public static async Task<T> WithProgressAsync<T>(string what, Func<IProgress<string>, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return await work(new Lines(what));
        return await Aside.Status().StartAsync(Markup.Escape(what), context => work(new Status(context, what)));
    }

    private static int Say(string reason, int code)
    {
        Console.Error.WriteLine(reason);
        return code;
    }

    private sealed class Status(StatusContext context, string what) : IProgress<string>
    {
        public void Report(string value) => context.Status(Markup.Escape($"{what}: {value}"));
    }

    private sealed class Lines(string what) : IProgress<string>
    {
        private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
        private long _last = TimeProvider.System.GetTimestamp();

        public void Report(string value)
        {
            if (TimeProvider.System.GetElapsedTime(_last) < Quiet) return;
            _last = TimeProvider.System.GetTimestamp();
            Console.Error.WriteLine($"{what}: {value}");
        }
    }
}
