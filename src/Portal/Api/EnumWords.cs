using System.Reflection;
using System.Text.RegularExpressions;

namespace Seamless.Portal.Api;

/// <summary>A word of an enum in an address, in small letters or great ones.</summary>
internal static partial class EnumWords
{
    /// <summary>Null is left out: <paramref name="value"/> is then null as well.</summary>
    /// <returns>The problem, naming what can be said; null when there is none.</returns>
    public static IResult? Read<T>(string name, string? text, out T? value) where T : struct, Enum
    {
        value = null;
        if (text is null) return null;
        foreach (var known in Enum.GetValues<T>())
            if (string.Equals(known.ToString(), text, StringComparison.OrdinalIgnoreCase)) value = known;
        return value is not null ? null : Problems.Invalid($"{name} is '{text}'; it must be one of {string.Join(", ", Enum.GetValues<T>().Select(ApiJson.NameOf))}");
    }

    /// <summary>What can be said where the framework names one of our enums in its error, such as <c>Nullable&lt;Priority&gt;</c>, or a record of ours with the path to a field of it.</summary>
    /// <param name="path">Where in the JSON; null when the type itself is meant.</param>
    /// <returns>Null when it is none, or when several share the name.</returns>
    public static string? Of(string type, string? path = null)
    {
        var name = InnermostName().Match(type).Value.TrimEnd('.');
        var named = AppDomain.CurrentDomain.GetAssemblies().Where(a => a.GetName().Name is { } known && (known == "seamless" || known.StartsWith("Seamless.", StringComparison.Ordinal)))
            .SelectMany(a => a.GetTypes()).Where(t => t.IsPublic && (t.FullName == name || (t.IsEnum && t.Name == name))).Take(2).ToList();
        if (named is not [var one]) return null;
        var meant = path is null || one.IsEnum ? one : FieldOf(one, path);
        return meant is { IsEnum: true } ? string.Join(", ", Enum.GetNames(meant).Select(ApiJson.NameOf)) : null;
    }

    private static Type? FieldOf(Type type, string path)
    {
        var field = path[(path.LastIndexOf('.') + 1)..].Split('[')[0];
        var found = type.GetProperty(field, BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance)?.PropertyType;
        if (found is { IsGenericType: true }) found = found.GetGenericArguments()[^1];   // what is null or listed
        return found is null ? null : Nullable.GetUnderlyingType(found) ?? found;
    }

    [GeneratedRegex(@"[\w.]+(?=[>\],.]*$)")]
    private static partial Regex InnermostName();
}
