namespace StreamSegmenter.Architecture.Tests.Reading;

/// <summary>
/// Finds the types and members of a C# file by its brackets alone. Local functions and lambdas belong to the member
/// that holds them.
/// </summary>
internal sealed class DeclarationScanner
{
    private readonly SourceFile _file;
    private readonly string _code;
    private readonly List<Declaration> _found = [];
    private int _at;

    private DeclarationScanner(SourceFile file)
    {
        _file = file;
        _code = file.Code;
    }

    public static IReadOnlyList<Declaration> Scan(SourceFile file)
    {
        var scanner = new DeclarationScanner(file);
        while (scanner._at < scanner._code.Length)
        {
            scanner.ScanBody();
            scanner._at++;
        }

        return scanner._found;
    }

    /// <summary>Reads declarations up to the brace that closes their parent.</summary>
    private void ScanBody()
    {
        SkipBlanksAndAttributes();
        while (_at < _code.Length && _code[_at] != '}')
        {
            ScanDeclaration();
            SkipBlanksAndAttributes();
        }
    }

    private void ScanDeclaration()
    {
        int start = _at;
        bool isField = false;
        bool isExpression = false;
        while (_at < _code.Length && _code[_at] is not (';' or '}'))
        {
            isExpression |= _code[_at] == '=' && Next == '>';
            isField |= !isExpression && IsAssignment(start);
            if (_code[_at] == '{' && !isExpression && !isField)
            {
                ScanBlock(start);
                return;
            }

            SkipOne();
        }

        // A closing brace here is the parent's.
        bool endsHere = _at < _code.Length && _code[_at] == ';';
        Add(start, start, _at, isField);
        _at += endsHere ? 1 : 0;
    }

    private void ScanBlock(int start)
    {
        int open = _at;
        if (Describe(start, open, open, isField: false).IsTypeOrNamespace)
        {
            _at++;
            ScanBody();
            _at++;
        }
        else
        {
            SkipOne();
        }

        Add(start, open, _at - 1, isField: false);
    }

    private void Add(int start, int headerEnd, int end, bool isField) =>
        _found.Add(Describe(start, headerEnd == start ? end : headerEnd, end, isField));

    private Declaration Describe(int start, int headerEnd, int end, bool isField) =>
        new(
            _code[start..Math.Min(headerEnd, _code.Length)].Trim(),
            _file.LineAt(start),
            _file.LineAt(Math.Min(end, _code.Length)),
            isField
        );

    private char Next => _at + 1 < _code.Length ? _code[_at + 1] : '\0';

    private bool IsAssignment(int start) =>
        _code[_at] == '=' && Next != '=' && (_at == start || _code[_at - 1] is not ('=' or '!' or '<' or '>'));

    private void SkipBlanksAndAttributes()
    {
        while (_at < _code.Length && (char.IsWhiteSpace(_code[_at]) || _code[_at] == '['))
        {
            SkipOne();
        }
    }

    /// <summary>Skips a character, or all that a bracket encloses.</summary>
    private void SkipOne()
    {
        int depth = 0;
        do
        {
            depth += _code[_at++] switch
            {
                '(' or '[' or '{' => 1,
                ')' or ']' or '}' => -1,
                _ => 0,
            };
        } while (depth > 0 && _at < _code.Length);
    }
}
