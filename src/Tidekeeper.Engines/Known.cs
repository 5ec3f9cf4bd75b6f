namespace Tidekeeper.Engines;

/// <summary>
/// The answer to a question that may have gone unanswered. A read that failed is Unknown, with the reason; it is
/// never taken for "there is none".
/// </summary>
public abstract record Known<T>
{
    private Known() { }

    /// <summary>The question was answered.</summary>
    public sealed record Value(T Answer) : Known<T>;

    /// <summary>The question went unanswered.</summary>
    /// <param name="Why">What was tried, and what the other side said.</param>
    public sealed record Unknown(string Why) : Known<T>;

    /// <summary>True with the answer when there is one.</summary>
    public bool Is([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T answer)
    {
        if (this is Value value)
        {
            answer = value.Answer;
            return true;
        }

        answer = default;
        return false;
    }

    /// <summary>Why there is no answer; empty when there is one.</summary>
    public string WhyUnknown => this is Unknown unknown ? unknown.Why : "";
}

/// <summary>Makes <see cref="Known{T}"/> without naming its type.</summary>
public static class Known
{
    /// <summary>An answer.</summary>
    public static Known<T> Of<T>(T answer) => new Known<T>.Value(answer);

    /// <summary>No answer, because of <paramref name="why"/>.</summary>
    public static Known<T> Unknown<T>(string why) => new Known<T>.Unknown(why);
}
