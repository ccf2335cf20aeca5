grammar MossSql;
options { caseInsensitive = true; }
script : 'SELECT' EOF ;
WS : [ \t\r\n]+ -> channel(HIDDEN) ;
