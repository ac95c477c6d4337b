### jumin: the words on screen in English. Keys are grouped by the room that says them.

## Anywhere
app-name = jumin
