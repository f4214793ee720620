namespace Seamless.Telemetry.Payloads;

/// <summary>Reads one member's value, or skips it; false when the text is not JSON.</summary>
internal delegate bool MemberReader<TFields>(ref JsonScanner scanner, JsonText name, ref TFields fields) where TFields : struct;

/// <summary>Reads objects with a handful of known members: events, states, commands.</summary>
internal static class JsonMembers
{
    /// <summary>One object, and nothing after it.</summary>
    /// <returns>Null, or why the payload cannot be used.</returns>
    public static Reject? ReadWhole<TFields>(ReadOnlySpan<byte> payload, MemberReader<TFields> member, ref TFields fields) where TFields : struct
    {
        var scanner = new JsonScanner(payload, strict: true);
        if (!scanner.TryPeek(out var kind)) return Malformed(scanner);
        var start = scanner.Position;
        if (kind == JsonKind.Object) return TryRead(ref scanner, member, ref fields) && scanner.TryEnd() ? null : Malformed(scanner);
        return scanner.TrySkip() && scanner.TryEnd() ? new Reject(RejectReason.WrongShape, start, null, "a JSON object is expected") : Malformed(scanner);
    }

    /// <summary>The object that begins here.</summary>
    public static bool TryRead<TFields>(ref JsonScanner scanner, MemberReader<TFields> member, ref TFields fields) where TFields : struct
    {
        scanner.Takes((byte)'{');
        if (scanner.Takes((byte)'}')) return true;
        for (var more = true; more;)
            if (!scanner.TryName(out var name) || !member(ref scanner, name, ref fields) || !scanner.TryNext((byte)'}', out more)) return false;
        return true;
    }

    public static Reject Malformed(in JsonScanner scanner) => new(RejectReason.Malformed, scanner.Position, null, scanner.Fault ?? "not JSON");

    /// <param name="text">Null when the value is not a string.</param>
    public static bool TryText(ref JsonScanner scanner, out string? text)
    {
        text = null;
        if (!scanner.TryPeek(out var kind)) return false;
        if (kind != JsonKind.Text) return scanner.TrySkip();
        if (!scanner.TryText(out var value)) return false;
        text = value.ToString();
        return true;
    }

    /// <param name="number">Null when the value is not an integer.</param>
    public static bool TryInteger(ref JsonScanner scanner, out long? number)
    {
        number = null;
        if (!scanner.TryPeek(out var kind)) return false;
        return kind == JsonKind.Number ? scanner.TryInteger(out number) : scanner.TrySkip();
    }

    /// <summary>A value of any kind, as it stands in the text; null for null.</summary>
    public static bool TryRaw(ref JsonScanner scanner, out string? json)
    {
        json = null;
        if (!scanner.TryPeek(out var kind)) return false;
        var start = scanner.Position;
        if (!scanner.TrySkip()) return false;
        if (kind != JsonKind.Null) json = System.Text.Encoding.UTF8.GetString(scanner.Since(start));
        return true;
    }
}
