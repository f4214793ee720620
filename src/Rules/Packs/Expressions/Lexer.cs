using System.Globalization;

namespace Seamless.Rules.Packs.Expressions;

internal enum TokenKind : byte { Number, Unit, Name, Word, Sign, End }

/// <param name="At">Index of its first character.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int At, double Number = 0);

/// <summary>Cuts an expression into numbers with their units, names, quoted words and signs.</summary>
internal static class Lexer
{
    private static readonly string[] Signs = ["<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "(", ")", ","];

    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at])) at++;
            else
            {
                var token = Next(text, at);
                tokens.Add(token);
                at += text[at] is '"' or '\'' or '`' ? token.Text.Length + 2 : token.Text.Length;
                if (token.Kind is TokenKind.Number && UnitAfter(text, ref at) is { } unit) tokens.Add(unit);
            }
        }
        tokens.Add(new Token(TokenKind.End, "", text.Length));
        return tokens;
    }

    private static Token Next(string text, int at)
    {
        if (char.IsAsciiDigit(text[at])) return Number(text, at);
        if (IsNameStart(text[at])) return new Token(TokenKind.Name, text[at..EndOf(text, at, IsNamePart)], at);
        if (text[at] is '"' or '\'' or '`') return Quoted(text, at);
        foreach (var sign in Signs)
            if (text.AsSpan(at).StartsWith(sign)) return new Token(TokenKind.Sign, sign, at);
        if (text[at] is '=') throw new ExpressionProblem(at, "'=' compares nothing", "write '=='");
        if (text[at] is '&' or '|') throw new ExpressionProblem(at, $"'{text[at]}' is not known here", text[at] is '&' ? "write 'and'" : "write 'or'");
        throw new ExpressionProblem(at, $"'{text[at]}' is not known here", null);
    }

    private static Token Number(string text, int at)
    {
        var end = EndOf(text, at, c => char.IsAsciiDigit(c) || c is '.');
        if (end < text.Length && text[end] is 'e' or 'E' && end + 1 < text.Length && (char.IsAsciiDigit(text[end + 1]) || text[end + 1] is '-' or '+'))
            end = EndOf(text, end + 2, char.IsAsciiDigit);
        var digits = text[at..end];
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) throw new ExpressionProblem(at, $"'{digits}' is not a number", null);
        return new Token(TokenKind.Number, digits, at, number);
    }

    /// <summary>A word of a state in quotes, or a metric whose name is no plain word in backquotes.</summary>
    private static Token Quoted(string text, int at)
    {
        var end = text.IndexOf(text[at], at + 1);
        if (end < 0) throw new ExpressionProblem(at, "the quote is not closed", null);
        return new Token(text[at] is '`' ? TokenKind.Name : TokenKind.Word, text[(at + 1)..end], at);
    }

    /// <summary>What follows a number up to the next space or sign, unless it is <c>and</c> or <c>or</c>.</summary>
    private static Token? UnitAfter(string text, ref int at)
    {
        var start = EndOf(text, at, char.IsWhiteSpace);
        if (start == text.Length || !(IsNameStart(text[start]) || (text[start] is '1' && text.AsSpan(start).StartsWith("1/")))) return null;
        var end = EndOf(text, start, c => IsNamePart(c) || c is '/');
        if (text[start..end] is "and" or "or") return null;
        at = end;
        return new Token(TokenKind.Unit, text[start..end], start);
    }

    private static bool IsNameStart(char c) => char.IsLetter(c) || c is '_' or '%' or '°' or '‰' or 'Ω';

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '.' or '%' or '°' or '²' or '³' or '·' or 'Ω';

    private static int EndOf(string text, int at, Func<char, bool> part)
    {
        while (at < text.Length && part(text[at])) at++;
        return at;
    }
}
