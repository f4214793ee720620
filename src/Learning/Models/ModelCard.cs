using System.Reflection;

namespace Seamless.Learning.Models;

/// <summary>What a model's card says of its making, beside the report.</summary>
internal static class ModelCard
{
    private const int Commit = 12;

    /// <summary>The product's version with the commit it was built from, shortened.</summary>
    public static string CodeVersion { get; } = Shortened(typeof(ModelCard).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    private static string Shortened(string version) => version.Split('+') is [var number, { Length: > Commit } commit] ? $"{number}+{commit[..Commit]}" : version;

    /// <summary>The upper ends of the ten tenths of what is known of a column; empty when it holds no two values.</summary>
    public static double[] Deciles(IReadOnlyList<double> values)
    {
        double[] known = [.. values.Where(double.IsFinite).Order()];
        if (known.Length == 0 || known[0] == known[^1]) return [];
        return [.. Enumerable.Range(1, 10).Select(tenth => known[(int)Math.Min(known.Length - 1, (long)known.Length * tenth / 10)])];
    }
}
